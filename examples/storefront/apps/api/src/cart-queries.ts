import type { AddCartItem, Cart, CartItem } from '@storefront/contract'
import type { Pool, PoolClient } from '@storefront/db'
import type { z } from 'zod'
import { ApiProblem } from './problems.ts'

type Database = Pool | PoolClient

export async function readCart(database: Database, cartId: string): Promise<Cart> {
  const { rows } = await database.query<CartItem & { cartId: string }>(
    `SELECT carts.id AS "cartId", cart_items.id, quantity, size, stock,
       slug AS "productSlug", name AS "productName", price_cents AS "unitPriceCents"
     FROM carts
     LEFT JOIN cart_items ON cart_items.cart_id = carts.id
     LEFT JOIN products ON products.id = cart_items.product_id
     WHERE carts.id = $1
     ORDER BY added_at, cart_items.id`,
    [cartId],
  )
  const [first] = rows
  if (first === undefined) throw new ApiProblem(404, 'There is no such cart')
  // An empty cart is one row of nulls: that is what LEFT JOIN means.
  const items = first.id === null ? [] : rows
  return {
    id: first.cartId,
    items,
    itemCount: items.reduce((sum, item) => sum + item.quantity, 0),
    totalCents: items.reduce((sum, item) => sum + item.quantity * item.unitPriceCents, 0),
  }
}

export async function touchCart(database: Database, cartId: string): Promise<void> {
  const { rowCount } = await database.query('UPDATE carts SET touched_at = now() WHERE id = $1', [
    cartId,
  ])
  if (rowCount === 0) throw new ApiProblem(404, 'There is no such cart')
}

export async function addItem(
  database: Database,
  cartId: string,
  item: z.output<typeof AddCartItem>,
): Promise<void> {
  const { rows } = await database.query<{ id: string; sizes: string[] }>(
    'SELECT id, sizes FROM products WHERE slug = $1',
    [item.productSlug],
  )
  const [product] = rows
  if (product === undefined) throw new ApiProblem(404, 'There is no such product')
  const sizeFits =
    product.sizes.length === 0 ? item.size === '' : product.sizes.includes(item.size)
  if (!sizeFits) {
    const choice = product.sizes.join(', ')
    throw new ApiProblem(400, choice === '' ? 'This comes in one size' : `Choose from ${choice}`)
  }
  await database.query(
    `INSERT INTO cart_items (cart_id, product_id, size, quantity) VALUES ($1, $2, $3, $4)
     ON CONFLICT (cart_id, product_id, size)
     DO UPDATE SET quantity = LEAST(cart_items.quantity + excluded.quantity, 20)`,
    [cartId, product.id, item.size, item.quantity],
  )
}
