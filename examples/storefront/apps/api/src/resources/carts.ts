import { AddCartItem, Cart, ChangeCartItem } from '@storefront/contract'
import { withTransaction } from '@storefront/db'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ResourceOptions } from '../build-api.ts'
import { addItem, readCart, touchCart } from '../cart-queries.ts'
import { ApiProblem } from '../problems.ts'

const CartParams = z.object({ cartId: z.uuid() })
const ItemParams = z.object({ cartId: z.uuid(), itemId: z.uuid() })

// Whoever knows a cart's id may use it: ids are random, and a cart holds no personal data.
export const carts: FastifyPluginAsyncZod<ResourceOptions> = async (app, { deps }) => {
  const { pool } = deps

  app.post('/carts', { schema: { response: { 201: Cart } } }, async (_request, reply) => {
    const { rows } = await pool.query<{ id: string }>(
      'INSERT INTO carts DEFAULT VALUES RETURNING id',
    )
    const [created] = rows
    if (created === undefined) throw new Error('an insert returned no row')
    return reply.code(201).send({ id: created.id, items: [], totalCents: 0, itemCount: 0 })
  })

  app.get(
    '/carts/:cartId',
    { schema: { params: CartParams, response: { 200: Cart } } },
    async (request) => readCart(pool, request.params.cartId),
  )

  app.post(
    '/carts/:cartId/items',
    { schema: { params: CartParams, body: AddCartItem, response: { 200: Cart } } },
    async (request) => {
      const { cartId } = request.params
      return withTransaction(pool, async (client) => {
        await touchCart(client, cartId)
        await addItem(client, cartId, request.body)
        return readCart(client, cartId)
      })
    },
  )

  app.patch(
    '/carts/:cartId/items/:itemId',
    { schema: { params: ItemParams, body: ChangeCartItem, response: { 200: Cart } } },
    async (request) => {
      const { cartId, itemId } = request.params
      return withTransaction(pool, async (client) => {
        await touchCart(client, cartId)
        const { rowCount } = await client.query(
          'UPDATE cart_items SET quantity = $3 WHERE cart_id = $1 AND id = $2',
          [cartId, itemId, request.body.quantity],
        )
        if (rowCount === 0) throw new ApiProblem(404, 'There is no such item in the cart')
        return readCart(client, cartId)
      })
    },
  )

  app.delete(
    '/carts/:cartId/items/:itemId',
    { schema: { params: ItemParams, response: { 200: Cart } } },
    async (request) => {
      const { cartId, itemId } = request.params
      return withTransaction(pool, async (client) => {
        await touchCart(client, cartId)
        await client.query('DELETE FROM cart_items WHERE cart_id = $1 AND id = $2', [
          cartId,
          itemId,
        ])
        return readCart(client, cartId)
      })
    },
  )
}
