import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '../eventually.ts'
import { queryShop } from '../shop-database.ts'
import { ask, cartWith, demo, signIn, type Order } from '../shop.ts'

interface Mail {
  readonly recipient: string
  readonly subject: string
  readonly body: string
}

test('the worker sends the mail of an order, once, and the order counts as confirmed', async () => {
  const token = await signIn()
  const cart = await cartWith('enamel-mug', 2)
  const { body: order } = await ask<Order>('/v1/orders', { token, json: { cartId: cart.id } })
  assert.equal(order.confirmed, false)
  await eventually('the order is confirmed', async () => {
    const { body } = await ask<{ orders: Order[] }>('/v1/orders', { token })
    return body.orders.find(({ id, confirmed }) => id === order.id && confirmed)
  })
  const mails = await queryShop<Mail>('SELECT recipient, subject, body FROM outbox WHERE order_id = $1', [order.id])
  assert.deepEqual(mails.map(({ recipient, subject }) => [recipient, subject]), [[demo.email, `Your Halyard order ${order.number}`]])
  assert.match(mails[0]?.body ?? '', /2 × Enamel Mug\n[^]*Total: €28\.00/)
})
