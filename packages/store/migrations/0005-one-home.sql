-- The one home whose state this is. Where its units run and its edge stands is known to that home only.
create table plimsoll.home (
  single boolean primary key default true check (single),
  id text not null,
  place text not null,
  claimed_at timestamptz not null default now()
);
