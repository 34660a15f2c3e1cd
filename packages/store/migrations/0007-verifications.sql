-- What was asked of what would be released. One that is running names the copies that it has raised, so that whoever comes after a crash
-- can take them down.
create table plimsoll.verifications (
  id text primary key,
  app text not null,
  place text not null,
  state text not null,
  started_at timestamptz not null,
  copies integer not null default 0,
  record jsonb not null
);

create index verifications_of_app on plimsoll.verifications (app, started_at desc);
