-- Who signs in at a provider has no password here, unless they chose one too.
alter table plimsoll.users alter column password_hash drop not null;

-- By whom a provider knows somebody: its own name for them, which is never given to another, and no address or name that may be.
create table plimsoll.identities (
  issuer text not null,
  subject text not null,
  user_id text not null references plimsoll.users on delete cascade,
  -- That what they may do follows from their groups there, and not from an invitation.
  by_group boolean not null,
  since timestamptz not null,
  primary key (issuer, subject)
);

create index identities_of_user on plimsoll.identities (user_id);
