-- Which keys have sealed something here, by what they are known as; the keys themselves are nowhere in a database. A key whose line is gone
-- seals nothing any more, and one that seals something cannot lose its line.
create table plimsoll.secret_keys (
  id text primary key,
  since timestamptz not null default now()
);

-- What was kept in plain before stays readable until it is sealed, which the next start does.
alter table plimsoll.kept_values
  alter column value drop not null,
  add column sealed bytea,
  add column key_id text generated always as (encode(substring(sealed from 2 for 8), 'hex')) stored references plimsoll.secret_keys (id),
  add constraint kept_values_plain_or_sealed check (num_nonnulls(value, sealed) = 1);
create index kept_values_by_key on plimsoll.kept_values (key_id);

alter table plimsoll.databases
  alter column password drop not null,
  add column sealed bytea,
  add column key_id text generated always as (encode(substring(sealed from 2 for 8), 'hex')) stored references plimsoll.secret_keys (id),
  add constraint databases_plain_or_sealed check (num_nonnulls(password, sealed) = 1);
create index databases_by_key on plimsoll.databases (key_id);
