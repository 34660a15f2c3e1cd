import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { after, before, suite, test } from 'node:test'
import { ownDatabase, undone, type OwnDatabase } from './databases.ts'

const migrations = new URL('../../packages/db/migrations/', import.meta.url)

suite('the schema', () => {
  let database: OwnDatabase
  before(async () => {
    database = await ownDatabase(0)
  })
  after(() => database?.leave())

  test('is made of every migration, each as it stands in the repository', async () => {
    const files = (await readdir(migrations)).sort()
    const wanted = await Promise.all(files.map(async (name) => ({ name, checksum: await checksum(name) })))
    const { rows } = await database.client.query('SELECT name, checksum FROM schema_migrations ORDER BY name')
    assert.deepEqual(rows, wanted)
  })

  test('is seeded with twelve products, an account to look around with, and reviews', async () => {
    const { rows } = await database.client.query(`
      SELECT (SELECT count(*)::int FROM products) AS products,
        (SELECT array_agg(email) FROM customers) AS customers,
        (SELECT count(*)::int FROM reviews) AS reviews,
        (SELECT count(*)::int FROM products WHERE stock = 0) AS sold_out`)
    assert.deepEqual(rows, [{ products: 12, customers: ['demo@halyard.example'], reviews: 10, sold_out: 0 }])
  })

  const refused: readonly (readonly [what: string, code: string, sql: string])[] = [
    ['stock below nothing', '23514', 'UPDATE products SET stock = -1'],
    ['a markdown that costs more', '23514', 'UPDATE products SET full_price_cents = price_cents'],
    ['a category that is not on the shelf', '23514', "UPDATE products SET category = 'attic'"],
    ['two products of one slug', '23505', "UPDATE products SET slug = 'enamel-mug' WHERE slug = 'watch-cap'"],
    ['an address in capitals', '23514', "UPDATE customers SET email = 'DEMO@halyard.example'"],
    ['a review of six stars', '23514', 'UPDATE reviews SET rating = 6'],
    ['a line of more than twenty', '23514', `${cart()} INSERT INTO cart_items (cart_id, product_id, quantity) SELECT cart.id, products.id, 21 FROM cart, products`],
    ['a line of nothing that is sold', '23503', `${cart()} INSERT INTO cart_items (cart_id, product_id, quantity) SELECT id, gen_random_uuid(), 1 FROM cart`],
    ['an order of nobody', '23503', 'INSERT INTO orders (customer_id, total_cents) VALUES (gen_random_uuid(), 1)'],
  ]
  for (const [what, code, sql] of refused) {
    test(`refuses ${what}`, async () => {
      await undone(database.client, async () => {
        await assert.rejects(database.client.query(sql), { code })
      })
    })
  }

  test('tells listeners of stock that changed, and of none that did not', async () => {
    const heard: string[] = []
    database.client.on('notification', ({ payload }) => heard.push(payload ?? ''))
    await database.client.query('LISTEN stock_changed')
    const { rows } = await database.client.query<{ stock: number }>("SELECT stock FROM products WHERE slug = 'rope-doormat'")
    const stock = rows[0]?.stock ?? 0
    const set = (to: number) => database.client.query("UPDATE products SET stock = $1 WHERE slug = 'rope-doormat'", [to])
    await set(stock)
    await set(stock + 1)
    await set(stock)
    await database.client.query('UNLISTEN stock_changed')
    assert.deepEqual(heard.map((payload) => JSON.parse(payload)), [
      { slug: 'rope-doormat', stock: stock + 1 },
      { slug: 'rope-doormat', stock },
    ])
  })
})

function cart(): string {
  return 'WITH cart AS (INSERT INTO carts DEFAULT VALUES RETURNING id)'
}

async function checksum(name: string): Promise<string> {
  return createHash('sha256').update(await readFile(new URL(name, migrations))).digest('hex')
}
