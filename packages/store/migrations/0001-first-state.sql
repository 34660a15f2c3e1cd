-- Plimsoll's own state. Everything is in the schema "plimsoll", so that an external
-- database can be shared with others.

create table plimsoll.apps (
  name text primary key,
  root text not null,
  blueprint text not null,
  entries jsonb not null,
  created_at timestamptz not null
);

-- Outlives its app: neither a fence nor a release number is ever used again.
create table plimsoll.counters (
  app text primary key,
  fence integer not null default 0,
  holder text,
  held_since timestamptz,
  last_release integer not null default 0
);

create table plimsoll.releases (
  app text not null references plimsoll.apps (name) on delete cascade,
  number integer not null check (number > 0),
  kind text not null,
  back_to integer,
  state text not null,
  source jsonb not null,
  steps jsonb not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  outcome jsonb,
  primary key (app, number)
);

create table plimsoll.journal (
  app text not null,
  release integer not null,
  seq integer not null check (seq > 0),
  fence integer not null,
  entry jsonb not null,
  primary key (app, release, seq),
  foreign key (app, release) references plimsoll.releases (app, number) on delete cascade
);

create function plimsoll.tell_of_entry() returns trigger language plpgsql as $$
begin
  perform pg_notify('plimsoll_journal', new.app || '/' || new.release);
  return null;
end
$$;

create trigger tell_of_entry after insert on plimsoll.journal
  for each row execute function plimsoll.tell_of_entry();

create table plimsoll.kept_values (
  app text not null,
  key text not null,
  value text not null,
  generated boolean not null,
  changed_at timestamptz not null default now(),
  primary key (app, key)
);

create table plimsoll.ports (
  port integer primary key,
  app text not null,
  purpose text not null,
  unique (app, purpose)
);

create table plimsoll.cron_runs (
  app text not null,
  service text not null,
  tick timestamptz not null,
  state text not null check (state in ('running', 'finished', 'abandoned')),
  started_at timestamptz not null,
  ended_at timestamptz,
  exit_code integer,
  primary key (app, service, tick)
);

-- Never twice at once.
create unique index cron_runs_one_at_a_time on plimsoll.cron_runs (app, service) where state = 'running';

create table plimsoll.databases (
  app text not null,
  name text not null,
  role text not null unique,
  database text not null unique,
  password text not null,
  primary key (app, name)
);
