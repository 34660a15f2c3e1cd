-- What was answered to a change that was asked for under a key, so that whoever asks again under it gets the same answer and changes nothing.
create table plimsoll.kept_answers (
  asker text not null,
  route text not null,
  key text not null,
  sealed bytea not null,
  key_id text generated always as (encode(substring(sealed from 2 for 8), 'hex')) stored references plimsoll.secret_keys (id),
  begun_at timestamptz not null,
  primary key (asker, route, key)
);
create index kept_answers_by_age on plimsoll.kept_answers (asker, begun_at);
create index kept_answers_by_key on plimsoll.kept_answers (key_id);

-- By which request a release was begun, where that has a key: it begins no second one.
alter table plimsoll.releases add column asked_as text unique;
