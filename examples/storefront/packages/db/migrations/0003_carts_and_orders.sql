CREATE TABLE carts (
  id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  touched_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX carts_touched_at ON carts (touched_at);

CREATE TABLE cart_items (
  id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  cart_id    uuid NOT NULL REFERENCES carts ON DELETE CASCADE,
  product_id uuid NOT NULL REFERENCES products,
  size       text NOT NULL DEFAULT '',
  quantity   integer NOT NULL CHECK (quantity BETWEEN 1 AND 20),
  added_at   timestamptz NOT NULL DEFAULT now(),
  UNIQUE (cart_id, product_id, size)
);

CREATE TABLE orders (
  id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  number      integer GENERATED ALWAYS AS IDENTITY (START WITH 1001) UNIQUE,
  customer_id uuid NOT NULL REFERENCES customers,
  total_cents integer NOT NULL,
  placed_at   timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX orders_customer ON orders (customer_id, placed_at DESC);

CREATE TABLE order_lines (
  order_id         uuid NOT NULL REFERENCES orders ON DELETE CASCADE,
  line             integer NOT NULL,
  product_slug     text NOT NULL,
  product_name     text NOT NULL,
  size             text NOT NULL,
  quantity         integer NOT NULL,
  unit_price_cents integer NOT NULL,
  PRIMARY KEY (order_id, line)
);

-- A write that carries an Idempotency-Key happens once; `attempts` counts how often it arrived.
CREATE TABLE idempotent_writes (
  scope    text NOT NULL,
  key      text NOT NULL,
  attempts integer NOT NULL DEFAULT 1,
  status   integer,
  body     jsonb,
  first_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (scope, key)
);
