-- What an app does when its repository changes. The secret that signs and the token that fetches are sealed.
create table plimsoll.hooks (
  app text primary key,
  settings jsonb not null,
  has_token boolean not null,
  sealed bytea not null,
  key_id text generated always as (encode(substring(sealed from 2 for 8), 'hex')) stored references plimsoll.secret_keys (id),
  created_at timestamptz not null,
  version integer not null default 1
);
create index hooks_by_key on plimsoll.hooks (key_id);

-- What was said, each once: what is sent again under the same number is known by it.
create table plimsoll.hook_events (
  app text not null references plimsoll.hooks on delete cascade,
  delivery text not null,
  seq bigint generated always as identity unique,
  at timestamptz not null,
  event text not null,
  about text not null,
  -- What is to be done, and null where nothing is.
  task jsonb,
  state text not null check (state in ('waiting', 'working', 'done', 'failed', 'ignored', 'superseded')),
  why text,
  release integer,
  verification text,
  ended_at timestamptz,
  primary key (app, delivery)
);

create index hook_events_that_wait on plimsoll.hook_events (app, seq) where state in ('waiting', 'working');
