import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { suite, test } from 'node:test'
import { ask, cartWith, signIn, stockOf, type Cart, type Problem, type Request } from '../shop.ts'

const asJson = { 'content-type': 'application/json' }
const asBytes = { 'content-type': 'application/octet-stream' }
const review = { productSlug: 'enamel-mug', author: 'Ada', rating: 5, body: 'Holds tea.' }

/** What is asked, and what it is refused with. */
const refusals: readonly (readonly [what: string, path: string, request: Request, status: number, detail: RegExp])[] = [
  ['a review without anything in it', '/v1/reviews', { json: {} }, 400, /productSlug[^]*author[^]*rating[^]*body/],
  ['a review of six stars', '/v1/reviews', { json: { ...review, rating: 6 } }, 400, /^rating: /],
  ['a review without a name', '/v1/reviews', { json: { ...review, author: '  ' } }, 400, /author: Please tell us your name/],
  ['a review that goes on and on', '/v1/reviews', { json: { ...review, body: 'x'.repeat(2_001) } }, 400, /^body: /],
  ['a review of what is not sold', '/v1/reviews', { json: { ...review, productSlug: 'anchor' } }, 404, /no such product/],
  ['a key with blanks in it', '/v1/reviews', { json: review, headers: { 'idempotency-key': 'a b' } }, 400, /Idempotency-Key/],
  ['an address that is none', '/v1/session', { json: { email: 'demo', password: 'x' } }, 400, /^email: /],
  ['a category that there is not', '/v1/products?category=attic', {}, 400, /category/],
  ['a report that takes all day', '/v1/reports/sales?seconds=86400', {}, 400, /seconds/],
  ['a cart whose id is none', '/v1/carts/7', {}, 400, /cartId/],
  ['a product that there is not', '/v1/products/anchor', {}, 404, /no such product/],
  ['a cart that there is not', `/v1/carts/${randomUUID()}`, {}, 404, /no such cart/],
  ['something for a cart that there is not', `/v1/carts/${randomUUID()}/items`, { json: { productSlug: 'enamel-mug' } }, 404, /no such cart/],
  ['an address without anything', '/v1/nothing?token=secret', {}, 404, /^There is nothing at GET \/v1\/nothing$/],
  ['a method that there is not', '/v1/products', { method: 'DELETE' }, 404, /DELETE/],
  ['JSON that ends too early', '/v1/reviews', { body: '{"rating":', headers: asJson }, 400, /JSON/],
  ['JSON that is not there', '/v1/reviews', { method: 'POST', headers: asJson }, 400, /[Bb]ody/],
  ['what is no JSON at all', '/v1/reviews', { body: 'rating=5', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415, /./],
  ['JSON of more than a megabyte', '/v1/reviews', { json: { ...review, body: 'x'.repeat(1_100_000) } }, 413, /./],
  ['a file of more than twenty', '/v1/uploads', { body: Buffer.alloc(20 * 1024 * 1024 + 1), headers: asBytes }, 413, /./],
]

suite('what is refused', () => {
  for (const [what, path, request, status, detail] of refusals) {
    test(what, async () => {
      const answer = await ask<Problem>(path, request)
      assert.equal(answer.status, status, JSON.stringify(answer.body))
      isProblem(answer)
      assert.match(answer.body.detail, detail)
    })
  }

  test('what does not go together with how things are', async () => {
    const token = await signIn()
    const { body: empty } = await ask<Cart>('/v1/carts', { method: 'POST' })
    const nothing = await ask<Problem>('/v1/orders', { token, json: { cartId: empty.id } })
    assert.deepEqual([nothing.status, nothing.body.detail], [409, 'The cart is empty'])

    const cart = await cartWith('rope-doormat', 20)
    const before = await stockOf('rope-doormat')
    const tooMany = await ask<Problem>('/v1/orders', { token, json: { cartId: cart.id } })
    assert.deepEqual([tooMany.status, tooMany.body.detail], [409, 'There are not 20 of Rope Doormat left'])
    assert.deepEqual([await stockOf('rope-doormat'), (await ask<Cart>(`/v1/carts/${cart.id}`)).body.itemCount], [before, 20])
  })

  test('a size that there is not, with those that there are', async () => {
    const { body: cart } = await ask<Cart>('/v1/carts', { method: 'POST' })
    const send = (json: unknown) => ask<Problem>(`/v1/carts/${cart.id}/items`, { json })
    assert.equal((await send({ productSlug: 'oilskin-jacket', size: 'XS' })).body.detail, 'Choose from S, M, L, XL')
    assert.equal((await send({ productSlug: 'enamel-mug', size: 'M' })).body.detail, 'This comes in one size')
    assert.equal((await send({ productSlug: 'enamel-mug', quantity: 21 })).status, 400)
  })

  test('a line of somebody else’s cart', async () => {
    const [mine, other] = [await cartWith('enamel-mug'), await cartWith('enamel-mug')]
    const answer = await ask<Problem>(`/v1/carts/${mine.id}/items/${other.items[0]?.id}`, { method: 'PATCH', json: { quantity: 2 } })
    assert.deepEqual([answer.status, answer.body.detail], [404, 'There is no such item in the cart'])
  })

  test('names that are SQL are names', async () => {
    const author = "Robert'); DROP TABLE reviews;--"
    const { status, body } = await ask<{ author: string }>('/v1/reviews', { json: { ...review, author } })
    assert.deepEqual([status, body.author], [201, author])
  })
})

/** As RFC 9457 has it, and nothing of how the API is made. */
function isProblem({ status, headers, body }: { status: number; headers: Headers; body: Problem }): void {
  assert.match(headers.get('content-type') ?? '', /^application\/problem\+json/)
  assert.equal(body.status, status)
  assert.doesNotMatch(JSON.stringify(body), /node_modules|\.[jt]s:\d|SELECT|INSERT|at async/)
}
