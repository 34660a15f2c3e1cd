-- What runs the units of an app. All that were there before ran as processes of this machine.
alter table plimsoll.apps add column place text not null default 'process';
