import { Order, OrderList, PlaceOrder } from '@storefront/contract'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { ResourceOptions } from '../build-api.ts'
import { answerOnce } from '../idempotency.ts'
import { listOrders, placeOrder } from '../order-queries.ts'
import { signedIn } from '../recognise-customer.ts'

export const orders: FastifyPluginAsyncZod<ResourceOptions> = async (app, { deps }) => {
  const { pool } = deps

  app.post(
    '/orders',
    { schema: { security: signedIn, body: PlaceOrder, response: { 201: Order } } },
    async (request, reply) => {
      const customer = await app.customerOf(request)
      return answerOnce(request, reply, {
        pool,
        scope: `orders:${customer.id}`,
        write: async (client) => ({
          status: 201,
          body: await placeOrder(client, customer, request.body.cartId),
        }),
      })
    },
  )

  app.get(
    '/orders',
    { schema: { security: signedIn, response: { 200: OrderList } } },
    async (request) => {
      const customer = await app.customerOf(request)
      return { orders: await listOrders(pool, customer) }
    },
  )
}
