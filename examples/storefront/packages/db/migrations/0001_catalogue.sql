CREATE TABLE products (
  id               uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  slug             text NOT NULL UNIQUE,
  name             text NOT NULL,
  summary          text NOT NULL,
  description      text NOT NULL,
  category         text NOT NULL CHECK (category IN ('galley', 'cabin', 'deck', 'wear')),
  price_cents      integer NOT NULL CHECK (price_cents >= 0),
  full_price_cents integer CHECK (full_price_cents > price_cents),
  sizes            text[] NOT NULL DEFAULT '{}',
  stock            integer NOT NULL CHECK (stock >= 0),
  restock_to       integer NOT NULL CHECK (restock_to > 0),
  position         integer NOT NULL
);

-- Whoever changes stock, every open page is told: the API listens to this channel.
CREATE FUNCTION notify_stock_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('stock_changed', json_build_object('slug', NEW.slug, 'stock', NEW.stock)::text);
  RETURN NEW;
END
$$;

CREATE TRIGGER products_stock_changed
  AFTER UPDATE OF stock ON products
  FOR EACH ROW WHEN (OLD.stock IS DISTINCT FROM NEW.stock)
  EXECUTE FUNCTION notify_stock_changed();
