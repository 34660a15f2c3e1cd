-- Set for a release that was not tried in a throw-away copy first: why not.
alter table plimsoll.releases add column unproven text;
