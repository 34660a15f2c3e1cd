-- Who may ask what of Plimsoll. Of everything by which somebody proves who they are there is only a hash.
create table plimsoll.users (
  id text primary key,
  name text not null,
  -- Told apart without regard to capitals.
  name_key text not null unique,
  password_hash text not null,
  grants jsonb not null,
  created_at timestamptz not null,
  seen_at timestamptz,
  version integer not null default 1
);

-- What works once: an invitation, which becomes a user, or with no name a way in for the owner of the machine.
create table plimsoll.links (
  id text primary key,
  hash text not null unique,
  name text,
  grants jsonb not null,
  made_by text not null,
  ends_at timestamptz not null,
  used_at timestamptz
);

-- Without a user it is the owner's.
create table plimsoll.sessions (
  hash text primary key,
  user_id text references plimsoll.users on delete cascade,
  started_at timestamptz not null,
  seen_at timestamptz not null,
  ends_at timestamptz not null
);

create index sessions_of_user on plimsoll.sessions (user_id);

create table plimsoll.tokens (
  id text primary key,
  hash text not null unique,
  name text not null,
  grants jsonb not null,
  user_id text references plimsoll.users on delete cascade,
  created_at timestamptz not null,
  ends_at timestamptz not null,
  seen_at timestamptz
);

create table plimsoll.audit_log (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  request text not null,
  who_kind text not null,
  who_id text not null,
  who_name text not null,
  action text not null,
  app text,
  outcome text not null,
  code text,
  details jsonb not null,
  address text
);

create index audit_log_of_app on plimsoll.audit_log (app, id desc);

create function plimsoll.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is only ever added to';
end
$$;

create trigger audit_log_stays before update or delete on plimsoll.audit_log for each row execute function plimsoll.refuse_change();
create trigger audit_log_is_not_emptied before truncate on plimsoll.audit_log for each statement execute function plimsoll.refuse_change();
