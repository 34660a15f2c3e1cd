import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { webUrl } from '../shop.ts'

suite('pages that there are not', () => {
  for (const path of ['/nowhere', '/products/anchor', '/products/%00', '/products/NO%20SUCH%20THING']) {
    test(`${path} says so, with a way back`, async () => {
      const answer = await fetch(`${webUrl}${path}`)
      assert.equal(answer.status, 404)
      const page = await answer.text()
      assert.match(page, /Off the chart/)
      assert.match(page, /Back to the shop/)
    })
  }

  test('a category that there is not shows everything', async () => {
    const answer = await fetch(`${webUrl}/?category=attic`)
    assert.equal(answer.status, 200)
    assert.match(await answer.text(), /Storm Lantern/)
  })

  test('a bag that has expired is an empty bag', async () => {
    const answer = await fetch(`${webUrl}/cart`, { headers: { cookie: 'halyard_bag=00000000-0000-4000-8000-000000000000' } })
    assert.equal(answer.status, 200)
    assert.match(await answer.text(), /Nothing in it yet/)
  })
})
