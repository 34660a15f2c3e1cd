-- How a release is looked after once it is live, and how it is tried on a share of the visitors first. Absent for a
-- release that is not, and for those from before.
alter table plimsoll.releases add column watch jsonb;
alter table plimsoll.releases add column canary jsonb;
