-- What lists and metrics ask for is found without reading a table from its first row to its last, and without taking apart records of
-- hundreds of kilobytes for the few words that a list shows of each.

-- How a release has ended, as its outcome says.
alter table plimsoll.releases add column ending text generated always as (outcome->>'is') stored;
create index releases_by_ending on plimsoll.releases (app, kind, ending) where ending is not null;

-- A verification as a list shows it, and what was measured in it.
alter table plimsoll.verifications
  add column head jsonb generated always as (record - 'checks' - 'suites' - 'coverage' - 'artifacts') stored,
  add column passed integer generated always as (jsonb_array_length(jsonb_path_query_array(record, '$.checks[*].verdicts[*] ? (@.is == "pass")'))) stored,
  add column blocking integer generated always as (jsonb_array_length(jsonb_path_query_array(record, '$.checks[*].verdicts[*] ? (@.is == "fail" && !exists(@.weight))'))) stored,
  add column coverage jsonb generated always as (record->'coverage'->'total') stored;
drop index plimsoll.verifications_of_app;
create index verifications_of_app on plimsoll.verifications (app, started_at desc, id desc);
create index verifications_measured on plimsoll.verifications (app, started_at desc) where coverage is not null;
create index verifications_open on plimsoll.verifications (id) where state = 'running';

-- The few entries of each journal that say how long it took and what was cut.
create index journal_of_measures on plimsoll.journal (app, release) where entry->>'step' in ('build', 'shift-traffic', 'shift-back', 'retire-previous');
