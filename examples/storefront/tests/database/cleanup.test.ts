import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { ownDatabase, type OwnDatabase } from './databases.ts'

suite('cleaning up', () => {
  let database: OwnDatabase
  before(async () => {
    database = await ownDatabase(1)
  })
  after(() => database?.leave())

  test('a cart goes with its lines, and leaves the products', async () => {
    const cart = await one("INSERT INTO carts (touched_at) VALUES (now() - interval '4 days') RETURNING id")
    await run("INSERT INTO cart_items (cart_id, product_id, quantity) SELECT $1, id, 1 FROM products WHERE stock > 0", [cart])
    assert.equal(await count('cart_items'), 12)
    await run("DELETE FROM carts WHERE touched_at < now() - interval '72 hours'")
    assert.deepEqual([await count('carts'), await count('cart_items'), await count('products')], [0, 0, 12])
  })

  test('what was ordered stays when its product is sold no longer', async () => {
    const order = await placed()
    await run("INSERT INTO order_lines VALUES ($1, 1, 'watch-cap', 'Watch Cap', '', 1, 2600)", [order])
    await run("DELETE FROM products WHERE slug = 'watch-cap'")
    assert.deepEqual([await count('order_lines'), await count('products')], [1, 11])
    await run('DELETE FROM orders WHERE id = $1', [order])
    assert.equal(await count('order_lines'), 0)
  })

  test('an order goes with its lines, its place in the queue and its mail', async () => {
    const order = await placed()
    await run('INSERT INTO order_mail_queue (order_id) VALUES ($1)', [order])
    await run("INSERT INTO outbox (order_id, recipient, subject, body, sent_by) VALUES ($1, 'a@b', 's', 'b', 'c')", [order])
    await run('DELETE FROM orders WHERE id = $1', [order])
    assert.deepEqual([await count('order_mail_queue'), await count('outbox')], [0, 0])
  })

  test('a customer goes with every session, but not while there are orders', async () => {
    const ada = await one("INSERT INTO customers (email, name, password_hash) VALUES ('ada@halyard.example', 'Ada', 'x') RETURNING id")
    await run("INSERT INTO sessions VALUES ('\\x01', $1, now()), ('\\x02', $1, now() + interval '1 day')", [ada])
    const order = await one('INSERT INTO orders (customer_id, total_cents) VALUES ($1, 1) RETURNING id', [ada])
    await assert.rejects(run('DELETE FROM customers WHERE id = $1', [ada]), { code: '23503' })
    await run('DELETE FROM orders WHERE id = $1', [order])
    await run('DELETE FROM customers WHERE id = $1', [ada])
    assert.equal(await count('sessions'), 0)
  })

  const run = (sql: string, values: unknown[] = []) => database.client.query<{ id: string }>(sql, values)
  const one = async (sql: string, values: unknown[] = []): Promise<string> => (await run(sql, values)).rows[0]?.id ?? ''
  const placed = () => one('INSERT INTO orders (customer_id, total_cents) SELECT id, 2600 FROM customers LIMIT 1 RETURNING id')
  const count = async (table: string): Promise<number> => {
    const { rows } = await database.client.query<{ rows: number }>(`SELECT count(*)::int AS rows FROM ${table}`)
    return rows[0]?.rows ?? -1
  }
})
