import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { ask, cartWith, type Cart } from '../shop.ts'

suite('carts', () => {
  test('a new cart is empty, and found again by its id', async () => {
    const { status, body: cart } = await ask<Cart>('/v1/carts', { method: 'POST' })
    assert.equal(status, 201)
    assert.deepEqual((await ask<Cart>(`/v1/carts/${cart.id}`)).body, { id: cart.id, items: [], totalCents: 0, itemCount: 0 })
  })

  test('the same thing twice is one line of two', async () => {
    const cart = await cartWith('enamel-mug')
    const { body } = await ask<Cart>(`/v1/carts/${cart.id}/items`, { json: { productSlug: 'enamel-mug' } })
    assert.equal(body.items.length, 1)
    assert.deepEqual([body.items[0]?.quantity, body.itemCount, body.totalCents], [2, 2, 2_800])
  })

  test('two sizes of one thing are two lines', async () => {
    const { body: cart } = await ask<Cart>('/v1/carts', { method: 'POST' })
    for (const size of ['S', 'L']) {
      await ask(`/v1/carts/${cart.id}/items`, { json: { productSlug: 'oilskin-jacket', size } })
    }
    const { body } = await ask<Cart>(`/v1/carts/${cart.id}`)
    assert.deepEqual(body.items.map(({ size }) => size), ['S', 'L'])
  })

  test('no line grows past twenty', async () => {
    const cart = await cartWith('beeswax-candles', 20)
    const { body } = await ask<Cart>(`/v1/carts/${cart.id}/items`, { json: { productSlug: 'beeswax-candles' } })
    assert.equal(body.items[0]?.quantity, 20)
  })

  test('a line is changed and taken out', async () => {
    const cart = await cartWith('stoneware-bowl')
    const line = `/v1/carts/${cart.id}/items/${cart.items[0]?.id}`
    const changed = await ask<Cart>(line, { method: 'PATCH', json: { quantity: 3 } })
    assert.deepEqual([changed.status, changed.body.itemCount, changed.body.totalCents], [200, 3, 8_400])
    const emptied = await ask<Cart>(line, { method: 'DELETE' })
    assert.deepEqual([emptied.status, emptied.body.items], [200, []])
  })
})
