-- Whose command it runs, so that a run which outlived Plimsoll is found again. Absent for runs from before.
alter table plimsoll.cron_runs add column release integer;
