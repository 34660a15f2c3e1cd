import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { suite, test } from 'node:test'
import { ask, cartWith, signIn, stockOf, type Cart, type Order } from '../shop.ts'

suite('orders', () => {
  test('an order takes the stock, empties the cart, and is on the list', async () => {
    const token = await signIn()
    const cart = await cartWith('storm-lantern', 2)
    const before = await stockOf('storm-lantern')
    const { status, body: order } = await ask<Order>('/v1/orders', { token, json: { cartId: cart.id } })
    assert.equal(status, 201)
    assert.deepEqual([order.totalCents, order.lines.length], [14_400, 1])
    assert.equal(await stockOf('storm-lantern'), before - 2)
    assert.equal((await ask<Cart>(`/v1/carts/${cart.id}`)).body.itemCount, 0)
    const { body } = await ask<{ orders: Order[] }>('/v1/orders', { token })
    assert.ok(body.orders.some(({ number, totalCents }) => number === order.number && totalCents === 14_400))
  })

  test('an impatient second click is the same order', async () => {
    const token = await signIn()
    const cart = await cartWith('canvas-tote')
    const before = await stockOf('canvas-tote')
    const headers = { 'idempotency-key': randomUUID() }
    const send = () => ask<Order>('/v1/orders', { token, json: { cartId: cart.id }, headers })
    const answers = await Promise.all([send(), send()])
    assert.deepEqual(answers.map(({ status }) => status), [201, 201])
    assert.equal(answers[0]?.body.number, answers[1]?.body.number)
    assert.equal(answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true').length, 1)
    assert.equal(await stockOf('canvas-tote'), before - 1)
  })
})
