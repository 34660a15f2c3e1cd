-- The few entries of each journal that say which pre-deploy commands a release has begun: going back over hundreds of releases asks for those of all of them.
create index journal_of_pre_deploys on plimsoll.journal (app, release) where entry->>'step' in ('plan', 'compare', 'migrate');
