import type { Cart, CartItem, Customer, Order } from '@storefront/contract'
import type { Pool, PoolClient } from '@storefront/db'
import { readCart } from './cart-queries.ts'
import { ApiProblem } from './problems.ts'

/** Turns a cart into an order: takes the stock, empties the cart, queues the mail. */
export async function placeOrder(
  client: PoolClient,
  customer: Customer,
  cartId: string,
): Promise<Order> {
  // Two checkouts of the same cart at once: the second waits here and then finds it empty.
  await client.query('SELECT 1 FROM carts WHERE id = $1 FOR UPDATE', [cartId])
  const cart = await readCart(client, cartId)
  if (cart.items.length === 0) throw new ApiProblem(409, 'The cart is empty')
  // In the order of slugs, so that two checkouts never wait for each other in a circle.
  for (const item of cart.items.toSorted((a, b) => (a.productSlug < b.productSlug ? -1 : 1))) {
    await takeStock(client, item)
  }
  const order = await insertOrder(client, customer, cart)
  await client.query('DELETE FROM cart_items WHERE cart_id = $1', [cartId])
  await client.query('INSERT INTO order_mail_queue (order_id) VALUES ($1)', [order.id])
  return order
}

async function takeStock(client: PoolClient, item: CartItem): Promise<void> {
  const { rowCount } = await client.query(
    'UPDATE products SET stock = stock - $2 WHERE slug = $1 AND stock >= $2',
    [item.productSlug, item.quantity],
  )
  if (rowCount === 0) {
    throw new ApiProblem(409, `There are not ${item.quantity} of ${item.productName} left`)
  }
}

async function insertOrder(client: PoolClient, customer: Customer, cart: Cart): Promise<Order> {
  const { rows } = await client.query<{ id: string; number: number; placed_at: Date }>(
    'INSERT INTO orders (customer_id, total_cents) VALUES ($1, $2) RETURNING id, number, placed_at',
    [customer.id, cart.totalCents],
  )
  const [row] = rows
  if (row === undefined) throw new Error('an insert returned no row')
  const lines = cart.items.map(({ id: _id, stock: _stock, ...line }) => line)
  await client.query(
    `INSERT INTO order_lines
       (order_id, line, product_slug, product_name, size, quantity, unit_price_cents)
     SELECT $1, row_number() OVER (), "productSlug", "productName", size, quantity, "unitPriceCents"
     FROM json_to_recordset($2) AS line
       ("productSlug" text, "productName" text, size text, quantity int, "unitPriceCents" int)`,
    [row.id, JSON.stringify(lines)],
  )
  return {
    id: row.id,
    number: row.number,
    placedAt: row.placed_at.toISOString(),
    totalCents: cart.totalCents,
    confirmed: false,
    lines,
  }
}

export async function listOrders(pool: Pool, customer: Customer): Promise<Order[]> {
  const { rows } = await pool.query<Omit<Order, 'placedAt'> & { placed_at: Date }>(
    `SELECT orders.id, number, placed_at, total_cents AS "totalCents",
       EXISTS (SELECT FROM outbox WHERE outbox.order_id = orders.id) AS confirmed,
       (SELECT json_agg(json_build_object(
            'productSlug', product_slug, 'productName', product_name, 'size', size,
            'quantity', quantity, 'unitPriceCents', unit_price_cents) ORDER BY line)
          FROM order_lines WHERE order_id = orders.id) AS lines
     FROM orders WHERE customer_id = $1
     ORDER BY number DESC LIMIT 50`,
    [customer.id],
  )
  return rows.map(({ placed_at, ...order }) => ({ ...order, placedAt: placed_at.toISOString() }))
}
