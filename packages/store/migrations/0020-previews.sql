-- Throw-away apps from pull requests. A row is there from before the app is made until all that it had is gone: what died meanwhile is found by it.
create table plimsoll.previews (
  app text primary key,
  of_app text not null check (of_app <> app),
  pull integer,
  branch text,
  commit text,
  data text not null check (data in ('clone', 'empty')),
  is_ending boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- Null for one that is kept.
  expires_at timestamptz,
  -- The release that was asked to fill it for the first time, and why that failed.
  seeded_by integer,
  seed_problem text
);

create unique index previews_by_pull on plimsoll.previews (of_app, pull) where pull is not null;
create index previews_by_app on plimsoll.previews (of_app);

create table plimsoll.preview_settings (
  app text primary key,
  settings jsonb not null
);
