-- What users got while a release took over: one row a release, for the newest releases of each app.
create table plimsoll.traffic_pictures (
  app text not null,
  release integer not null,
  picture jsonb not null,
  primary key (app, release),
  foreign key (app, release) references plimsoll.releases (app, number) on delete cascade
);
