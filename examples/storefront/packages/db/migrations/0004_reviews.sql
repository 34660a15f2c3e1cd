CREATE TABLE reviews (
  id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  product_id uuid NOT NULL REFERENCES products ON DELETE CASCADE,
  author     text NOT NULL,
  rating     integer NOT NULL CHECK (rating BETWEEN 1 AND 5),
  body       text NOT NULL,
  written_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX reviews_product ON reviews (product_id, written_at DESC);
