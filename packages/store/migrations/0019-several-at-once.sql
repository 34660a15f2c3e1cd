-- Two releases of Plimsoll run beside each other for a while. What older code may run on is told by each migration that takes something away; and what is
-- tried to get in is counted for all of them.
alter table plimsoll.migrations add column oldest integer not null default 0;

create table plimsoll.attempts (
  key text primary key,
  points integer not null,
  ends_at timestamptz not null
);

create index attempts_by_end on plimsoll.attempts (ends_at);
