import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { suite, test } from 'node:test'
import { ask } from '../shop.ts'

interface Review {
  readonly id: string
  readonly author: string
  readonly body: string
}

suite('reviews', () => {
  test('what somebody writes stands first', async () => {
    const body = `Kept the rain out. ${randomUUID()}`
    const review = { productSlug: 'watch-cap', author: 'Ada', rating: 5, body }
    assert.equal((await ask('/v1/reviews', { json: review })).status, 201)
    const { body: found } = await ask<{ reviews: Review[] }>('/v1/products/watch-cap/reviews')
    assert.deepEqual([found.reviews[0]?.author, found.reviews[0]?.body], ['Ada', body])
  })

  test('one that is sent twice is written once, and counted twice', async () => {
    const key = randomUUID()
    const json = { productSlug: 'enamel-mug', author: 'Ada', rating: 4, body: `Holds tea. ${key}` }
    const send = () => ask<Review>('/v1/reviews', { json, headers: { 'idempotency-key': key } })
    const [first, second] = [await send(), await send()]
    assert.deepEqual(second.body, first.body)
    assert.equal(second.headers.get('idempotency-replayed'), 'true')
    assert.deepEqual((await ask(`/v1/reviews/attempts/${key}`)).body, { attempts: 2 })
    const { body } = await ask<{ reviews: Review[] }>('/v1/products/enamel-mug/reviews')
    assert.equal(body.reviews.filter((each) => each.body === json.body).length, 1)
  })
})
