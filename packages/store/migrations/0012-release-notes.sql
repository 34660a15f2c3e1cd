-- What was written down of a release when it was held against what was live, to tell later how they differ. It is for people: no release needs it to run.
create table plimsoll.release_notes (
  app text not null,
  release integer not null,
  note jsonb not null,
  primary key (app, release),
  foreign key (app, release) references plimsoll.releases (app, number) on delete cascade
);
