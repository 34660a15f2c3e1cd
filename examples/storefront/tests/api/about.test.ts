import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { ask } from '../shop.ts'

suite('the API about itself', () => {
  test('it is well, and so is what stands behind it', async () => {
    for (const path of ['/healthz', '/readyz']) {
      const { status, body } = await ask(path)
      assert.deepEqual([status, body], [200, { status: 'ok' }], path)
    }
  })

  test('its documentation names every resource', async () => {
    const { body } = await ask<{ paths: Record<string, unknown> }>('/documentation/json')
    for (const path of ['/v1/products', '/v1/carts', '/v1/orders', '/v1/reviews', '/v1/session', '/v1/uploads', '/v1/stock/stream']) {
      assert.ok(Object.keys(body.paths).some((each) => each.replace(/\/$/, '').startsWith(path)), path)
    }
  })

  test('every answer tells which instance gave it', async () => {
    for (const path of ['/healthz', '/v1/products', '/nowhere']) {
      assert.match((await ask(path)).headers.get('x-served-by') ?? '', /./, path)
    }
  })

  test('a report in rows ends with the line that proves it whole', async () => {
    const { body } = await ask<string>('/v1/reports/sales.csv')
    const rows = body.trimEnd().split('\n')
    assert.equal(rows.at(-1), `# end ${rows.length - 2}`)
  })

  test('a report counts what was sold', async () => {
    const { status, body } = await ask<{ orders: number; revenueCents: number }>('/v1/reports/sales')
    assert.equal(status, 200)
    assert.ok(body.orders >= 0 && body.revenueCents >= 0)
  })
})
