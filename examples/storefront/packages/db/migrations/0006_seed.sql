INSERT INTO products
  (position, slug, name, category, price_cents, full_price_cents, sizes, stock, restock_to, summary, description)
VALUES
  (1, 'storm-lantern', 'Storm Lantern', 'cabin', 7200, NULL, '{}', 18, 24,
   'Galvanised steel, one wick, forty hours.',
   'The lantern that hung in every wheelhouse before there was a switch by the door. Hot-dip galvanised, with a globe you can lift with one gloved hand. Burns forty hours on a fill and does not mind the rain.'),
  (2, 'fishermans-sweater', 'Fisherman’s Sweater', 'wear', 16500, NULL, '{XS,S,M,L,XL}', 31, 40,
   'Five-ply wool, knitted in the round.',
   'No side seams to chafe and cuffs short enough to stay out of the bilge. Spun from undyed and overdyed wool with the lanolin left in, so drizzle beads and rolls off. It will outlast the first pair of elbows; we send darning yarn with it.'),
  (3, 'enamel-mug', 'Enamel Mug', 'galley', 1400, NULL, '{}', 64, 80,
   'Holds 350 ml and a grudge against breaking.',
   'Two coats of enamel over pressed steel, with a rolled rim that is kind to lips on cold mornings. Drop it, and it chips; drop a china one, and you sweep.'),
  (4, 'canvas-tote', 'Sailcloth Tote', 'deck', 3900, 4800, '{}', 22, 36,
   'Eighteen-ounce canvas, rope handles.',
   'Cut from the ends of the rolls that become mainsails, with hand-spliced cotton rope through brass eyelets. Stands up by itself when you set it down, which is more than can be said of most of us.'),
  (5, 'wool-blanket', 'Signal Blanket', 'cabin', 9800, 12900, '{}', 9, 16,
   'Lambswool, striped like a code flag.',
   'Woven in a mill that has made the same width since 1894. Heavy enough for an October anchorage, light enough to steal for the beach. Finished with a whipped edge instead of a fringe.'),
  (6, 'galley-kettle', 'Galley Kettle', 'galley', 5200, 6400, '{}', 14, 20,
   'Broad in the beam, so it stays on the stove.',
   'A wide base and a low centre of gravity: the kettle leans when the boat does and no more. Enamelled inside and out, with a beech grip that stays cool. Works on gas, induction and open fire.'),
  (7, 'brass-compass', 'Hand Bearing Compass', 'deck', 8600, NULL, '{}', 11, 14,
   'Solid brass, liquid damped, true.',
   'Turned from one piece of brass and filled with oil, so that the card settles in the time it takes to say so. Comes swung and certified, in a felt-lined tin.'),
  (8, 'oilskin-jacket', 'Oilskin Jacket', 'wear', 24000, NULL, '{S,M,L,XL}', 12, 18,
   'Waxed cotton for weather that means it.',
   'Two layers of waxed cotton over the shoulders, a storm flap that closes both ways, and a collar that meets a hat. Re-wax it every second winter and leave it to somebody.'),
  (9, 'beeswax-candles', 'Beeswax Candles', 'cabin', 2200, NULL, '{}', 40, 60,
   'Three tapers, dipped by hand.',
   'Dipped thirty times each, from the hives behind the harbour. They burn slowly, drip little and make a cabin smell like August.'),
  (10, 'stoneware-bowl', 'Stoneware Bowl', 'galley', 2800, NULL, '{}', 27, 36,
   'Deep enough for chowder.',
   'Thrown in batches of twelve and glazed the grey-blue of a flat sea before breakfast. A foot wide enough to sit on a moving table. Oven, dishwasher and gale safe.'),
  (11, 'rope-doormat', 'Rope Doormat', 'deck', 5800, NULL, '{}', 8, 12,
   'Retired climbing lines, tied flat.',
   'An ocean plait, tied by hand from rope that has done its time on deck. Sheds sand, dries in an hour and cannot be worn out by boots: it was made for worse.'),
  (12, 'watch-cap', 'Watch Cap', 'wear', 2600, 3400, '{}', 35, 48,
   'Merino rib, long enough to roll twice.',
   'For the watch between midnight and four. Fine merino that does not itch, knitted in a deep rib that comes down over the ears when you want it to.');

-- The account of the demonstration: demo@halyard.example / fair winds
INSERT INTO customers (email, name, password_hash) VALUES
  ('demo@halyard.example', 'Robin Marsh',
   'scrypt:16384:8:1:aGFseWFyZC1kZW1vLXNhbA==:lNxtuee4TKVQI9/O5e1eSmzw3+eCFMRLFpesqY1HFQJJCHvgQ8BTlSYrWkS3iUj5dl7BuGnWI9+pbvI5UbCfTg==');

INSERT INTO reviews (product_id, author, rating, body, written_at)
SELECT products.id, seed.author, seed.rating, seed.body, now() - seed.age
FROM (VALUES
  ('storm-lantern', 'Ines K.', 5, 'Burned through two nights of power cut without a murmur. The globe lift is a small joy.', interval '9 days'),
  ('storm-lantern', 'Tobias R.', 4, 'Heavier than I expected, in the good way. Wish it came with a spare wick.', interval '31 days'),
  ('fishermans-sweater', 'Maeve O.', 5, 'Wore it on the ferry in November and opened my coat.', interval '4 days'),
  ('fishermans-sweater', 'Jonas P.', 5, 'The cuffs really do stay dry. Size up if you like a shirt underneath.', interval '18 days'),
  ('enamel-mug', 'Alba S.', 4, 'Chipped on day three, looks better for it.', interval '12 days'),
  ('canvas-tote', 'Freya L.', 5, 'Stands up by itself in the boot of the car. Finally.', interval '6 days'),
  ('wool-blanket', 'Pieter V.', 5, 'The dog has claimed it. Ordering a second.', interval '15 days'),
  ('oilskin-jacket', 'Nora H.', 5, 'Forty knots and sideways rain, dry to the collar.', interval '22 days'),
  ('brass-compass', 'Samir D.', 4, 'Settles fast and reads true. The tin is lovely too.', interval '27 days'),
  ('rope-doormat', 'Greta W.', 5, 'A year of boots, not a strand out of place.', interval '40 days')
) AS seed (slug, author, rating, body, age)
JOIN products USING (slug);
