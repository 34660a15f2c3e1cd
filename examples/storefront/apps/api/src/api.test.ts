import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, suite, test } from 'node:test'
import { createPool, runMigrations, type Pool } from '@storefront/db'
import { buildApi, type Api } from './build-api.ts'
import { readConfig } from './config.ts'
import { createStockFeed, type StockFeed } from './stock-feed.ts'

const server = process.env['DATABASE_URL']

suite('the API, on a real database', { skip: server ? false : 'DATABASE_URL is not set' }, () => {
  const database = `storefront_test_${process.pid}`
  let admin: Pool
  let pool: Pool
  let stockFeed: StockFeed
  let app: Api

  before(async () => {
    const url = new URL(server ?? '')
    admin = connect(url.href)
    await admin.query(`CREATE DATABASE ${database}`)
    url.pathname = `/${database}`
    const connectionString = url.href
    const directory = new URL('../../../packages/db/migrations/', import.meta.url)
    await runMigrations({ connectionString, directory, log: () => undefined })
    pool = connect(connectionString)
    stockFeed = createStockFeed({ pool, connectionString, onError: fail })
    const config = readConfig({
      DATABASE_URL: connectionString,
      SESSION_SECRET: 'a secret of more than thirty-two characters',
      RENDER_INSTANCE_ID: 'api-under-test',
      LOG_LEVEL: 'silent',
    })
    app = await buildApi({ config, pool, stockFeed })
  })

  after(async () => {
    await app.close()
    await stockFeed.close()
    await pool.end()
    await admin.query(`DROP DATABASE ${database}`)
    await admin.end()
  })

  test('every answer tells which instance gave it, errors too', async () => {
    for (const url of ['/healthz', '/v1/products', '/nowhere', '/v1/products/nothing']) {
      const answer = await app.inject({ url })
      assert.equal(answer.headers['x-served-by'], 'api-under-test', url)
    }
  })

  test('a faulty request is answered with what is wrong with it', async () => {
    const answer = await app.inject({ method: 'POST', url: '/v1/reviews', payload: { rating: 9 } })
    assert.equal(answer.statusCode, 400)
    assert.match(answer.headers['content-type'] as string, /^application\/problem\+json/)
    assert.match(answer.json<{ detail: string }>().detail, /productSlug[^]*rating/)
  })

  test('a review that is sent twice is written once, and counted twice', async () => {
    const key = randomUUID()
    const send = () =>
      app.inject({
        method: 'POST',
        url: '/v1/reviews',
        headers: { 'idempotency-key': key },
        payload: { productSlug: 'enamel-mug', author: 'Ada', rating: 5, body: 'Holds tea.' },
      })
    const [first, second] = await Promise.all([send(), send()])
    assert.deepEqual([first.statusCode, second.statusCode], [201, 201])
    assert.deepEqual(first.json(), second.json())
    const replays = [first, second].filter((answer) => answer.headers['idempotency-replayed'])
    assert.equal(replays.length, 1)
    const attempts = await app.inject({ url: `/v1/reviews/attempts/${key}` })
    assert.deepEqual(attempts.json(), { attempts: 2 })
  })

  test('an order takes the stock, empties the cart and belongs to who placed it', async () => {
    const headers = { authorization: `Bearer ${await signIn()}` }
    const cartId = await cartWith('galley-kettle', 2)
    const stockBefore = await stockOf('galley-kettle')
    const payload = { cartId }
    const placed = await app.inject({ method: 'POST', url: '/v1/orders', headers, payload })
    assert.equal(placed.statusCode, 201)
    assert.equal(await stockOf('galley-kettle'), stockBefore - 2)
    const again = await app.inject({ method: 'POST', url: '/v1/orders', headers, payload })
    assert.equal(again.statusCode, 409)
    const mine = await app.inject({ url: '/v1/orders', headers })
    assert.deepEqual(mine.json().orders, [placed.json()])
    assert.equal((await app.inject({ url: '/v1/orders' })).statusCode, 401)
  })

  test('an order for more than there is changes nothing', async () => {
    const headers = { authorization: `Bearer ${await signIn()}` }
    const cartId = await cartWith('rope-doormat', 20)
    const stockBefore = await stockOf('rope-doormat')
    const payload = { cartId }
    const refused = await app.inject({ method: 'POST', url: '/v1/orders', headers, payload })
    assert.equal(refused.statusCode, 409)
    assert.equal(await stockOf('rope-doormat'), stockBefore)
  })

  test('a report in rows ends with the line that proves it whole', async () => {
    const answer = await app.inject({ url: '/v1/reports/sales.csv' })
    const rows = answer.body.trimEnd().split('\n')
    assert.equal(rows.at(-1), `# end ${rows.length - 2}`)
  })

  test('a wrong password and an unknown address get the same answer', async () => {
    const answers = await Promise.all(
      ['demo@halyard.example', 'nobody@halyard.example'].map((email) =>
        app.inject({ method: 'POST', url: '/v1/session', payload: { email, password: 'x' } }),
      ),
    )
    assert.deepEqual(answers[0]?.json(), answers[1]?.json())
    assert.equal(answers[0]?.statusCode, 401)
  })

  async function signIn(): Promise<string> {
    const payload = { email: 'demo@halyard.example', password: 'fair winds' }
    const answer = await app.inject({ method: 'POST', url: '/v1/session', payload })
    return answer.json<{ token: string }>().token
  }

  async function cartWith(productSlug: string, quantity: number): Promise<string> {
    const created = await app.inject({ method: 'POST', url: '/v1/carts' })
    const { id } = created.json<{ id: string }>()
    const payload = { productSlug, quantity }
    await app.inject({ method: 'POST', url: `/v1/carts/${id}/items`, payload })
    return id
  }

  async function stockOf(slug: string): Promise<number> {
    const answer = await app.inject({ url: `/v1/products/${slug}` })
    return answer.json<{ stock: number }>().stock
  }
})

function connect(connectionString: string): Pool {
  return createPool({ connectionString, applicationName: 'storefront test', onIdleError: fail })
}

function fail(error: Error): void {
  throw error
}
