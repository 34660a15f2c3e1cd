-- Where a release stands in the trace of whoever asked for it: a W3C traceparent. Null where nobody traces.
alter table plimsoll.releases add column traceparent text;
