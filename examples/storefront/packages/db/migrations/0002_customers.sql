CREATE TABLE customers (
  id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  email         text NOT NULL UNIQUE CHECK (email = lower(email)),
  name          text NOT NULL,
  password_hash text NOT NULL
);

-- Only a keyed hash of the token is kept: a copy of this table signs nobody in.
CREATE TABLE sessions (
  token_hash  bytea PRIMARY KEY,
  customer_id uuid NOT NULL REFERENCES customers ON DELETE CASCADE,
  expires_at  timestamptz NOT NULL
);

CREATE INDEX sessions_expires_at ON sessions (expires_at);
