import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { suite, test } from 'node:test'
import { eventStream, nextEvent } from '../event-stream.ts'
import { ask, cartWith, signIn, webUrl, type Product } from '../shop.ts'

suite('the shop and its API', () => {
  test('the shop is ready because the API is', async () => {
    const answer = await fetch(`${webUrl}/readyz`)
    assert.deepEqual([answer.status, await answer.json()], [200, { status: 'ok' }])
  })

  test('the first page shows every product that the API has', async () => {
    const page = await pageAt('/')
    const { body } = await ask<{ products: Product[] }>('/v1/products')
    for (const { slug } of body.products) assert.ok(page.includes(`href="/products/${slug}"`), slug)
  })

  test('a review that the API took is on the page', async () => {
    const body = `From one service to the other: ${randomUUID()}`
    await ask('/v1/reviews', { json: { productSlug: 'galley-kettle', author: 'Ada', rating: 5, body } })
    assert.ok((await pageAt('/products/galley-kettle')).includes(body))
  })

  test('stock that an order took reaches whoever has the shop open', async () => {
    const token = await signIn()
    const cart = await cartWith('brass-compass')
    await using stream = eventStream(`${webUrl}/stock/stream`)
    const { data } = await nextEvent(stream, ({ event }) => event === 'hello')
    const before = (data as { stock: Record<string, number> }).stock['brass-compass'] ?? 0
    await ask('/v1/orders', { token, json: { cartId: cart.id } })
    const change = await nextEvent(stream, (each) => each.event === 'stock' && (each.data as { slug: string }).slug === 'brass-compass')
    assert.equal((change.data as { stock: number }).stock, before - 1)
  })

  test('browsers may call the API from the shop and from nowhere else', async () => {
    const allowed = async (origin: string) =>
      (await ask('/v1/products', { headers: { origin } })).headers.get('access-control-allow-origin')
    assert.equal(await allowed(webUrl), webUrl)
    assert.notEqual(await allowed('https://elsewhere.example'), 'https://elsewhere.example')
  })
})

async function pageAt(path: string): Promise<string> {
  const answer = await fetch(`${webUrl}${path}`)
  assert.equal(answer.status, 200, path)
  return answer.text()
}
