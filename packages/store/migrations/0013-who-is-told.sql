-- Whom Plimsoll tells what happens. All that is needed to reach them, and with it all that is secret, is in the column "way".
create table plimsoll.channels (
  id text primary key,
  name text not null,
  -- '*' for all.
  app text not null,
  topics jsonb not null,
  kind text not null,
  shown_as text not null,
  way text not null,
  is_on boolean not null default true,
  closed jsonb,
  created_at timestamptz not null,
  version integer not null default 1
);

-- Something happened that somebody may want to be told. Written by the database itself, together with what happened, so that no death of Plimsoll
-- can come between the two; removed together with writing down what is to be sent.
create table plimsoll.occasions (
  id uuid primary key default gen_random_uuid(),
  seq bigint generated always as identity,
  at timestamptz not null default clock_timestamp(),
  app text not null,
  about text not null check (about in ('release', 'verification')),
  subject text not null,
  facts jsonb not null
);

create table plimsoll.deliveries (
  id text primary key,
  seq bigint generated always as identity unique,
  channel text not null references plimsoll.channels on delete cascade,
  app text not null,
  topic text not null,
  message jsonb not null,
  state text not null check (state in ('waiting', 'delivered', 'undelivered', 'unsent')),
  tries integer not null default 0,
  why text,
  created_at timestamptz not null,
  next_at timestamptz,
  ended_at timestamptz
);

create index deliveries_that_wait on plimsoll.deliveries (next_at) where state = 'waiting';
create index deliveries_of_channel on plimsoll.deliveries (channel, seq desc);

create function plimsoll.note_release() returns trigger language plpgsql as $$
begin
  insert into plimsoll.occasions (app, about, subject, facts) values (new.app, 'release', new.number, jsonb_build_object(
    'outcome', case when new.outcome is distinct from old.outcome then new.outcome end,
    'watch', case when new.watch->>'state' is distinct from old.watch->>'state' then new.watch->>'state' end,
    'problem', new.watch->'problem',
    -- A rollback that a watch began is told of by the watch.
    'byWatch', new.kind = 'rollback' and exists (select from plimsoll.releases r where r.app = new.app and r.watch->>'state' = 'going-back')
  ));
  return null;
end
$$;

create trigger note_release after update on plimsoll.releases for each row
  when (old.outcome is distinct from new.outcome or old.watch->>'state' is distinct from new.watch->>'state')
  execute function plimsoll.note_release();

create function plimsoll.note_verification() returns trigger language plpgsql as $$
begin
  insert into plimsoll.occasions (app, about, subject, facts) values (new.app, 'verification', new.id, jsonb_build_object('state', new.state));
  return null;
end
$$;

create trigger note_verification after update on plimsoll.verifications for each row
  when (old.state is distinct from new.state) execute function plimsoll.note_verification();
