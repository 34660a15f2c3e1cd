-- Set for a release whose requests wait from before its migration until after its switch.
alter table plimsoll.releases add column paused boolean;
