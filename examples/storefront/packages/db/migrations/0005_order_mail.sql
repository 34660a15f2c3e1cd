CREATE TABLE order_mail_queue (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id  uuid NOT NULL UNIQUE REFERENCES orders ON DELETE CASCADE,
  queued_at timestamptz NOT NULL DEFAULT now()
);

-- UNIQUE (order_id) is the promise that nobody gets the same mail twice.
CREATE TABLE outbox (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id  uuid NOT NULL UNIQUE REFERENCES orders ON DELETE CASCADE,
  recipient text NOT NULL,
  subject   text NOT NULL,
  body      text NOT NULL,
  sent_by   text NOT NULL,
  sent_at   timestamptz NOT NULL DEFAULT now()
);

CREATE FUNCTION notify_order_mail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('order_mail', NEW.id::text);
  RETURN NEW;
END
$$;

CREATE TRIGGER order_mail_queued
  AFTER INSERT ON order_mail_queue
  FOR EACH ROW EXECUTE FUNCTION notify_order_mail();
