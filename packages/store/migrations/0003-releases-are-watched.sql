-- How a release is looked after once it is live. Absent for one that is not, and for those from before.
alter table plimsoll.releases add column watch jsonb;
