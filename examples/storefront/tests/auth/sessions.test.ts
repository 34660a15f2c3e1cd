import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { queryShop } from '../shop-database.ts'
import { ask, cartWith, demo, signIn, webUrl, type Problem } from '../shop.ts'

suite('who is who', () => {
  test('signing in tells who it is, and hands out a cookie that no script reads', async () => {
    const { status, headers, body } = await ask<{ customer: { email: string }; token: string }>('/v1/session', { json: demo })
    assert.deepEqual([status, body.customer.email], [201, demo.email])
    const cookie = headers.getSetCookie().find((each) => each.startsWith('halyard_session=')) ?? ''
    for (const flag of [/; HttpOnly/i, /; SameSite=Lax/i, /; Path=\//i, /; Expires=/i]) assert.match(cookie, flag)
    const byCookie = await ask('/v1/session', { headers: { cookie: cookie.split(';')[0] ?? '' } })
    const byToken = await ask('/v1/session', { token: body.token })
    assert.deepEqual([byCookie.status, byCookie.body], [200, byToken.body])
  })

  test('an address may be written in capitals', async () => {
    assert.equal((await ask('/v1/session', { json: { ...demo, email: 'Demo@Halyard.Example' } })).status, 201)
  })

  test('a wrong password and an unknown address are told apart by nobody', async () => {
    const wrong = await ask<Problem>('/v1/session', { json: { ...demo, password: 'foul winds' } })
    const unknown = await ask<Problem>('/v1/session', { json: { ...demo, email: 'nobody@halyard.example' } })
    assert.deepEqual([wrong.status, wrong.body], [401, unknown.body])
    assert.deepEqual(wrong.headers.getSetCookie(), [])
  })

  test('signing out ends the session, for whoever kept its token too', async () => {
    const token = await signIn()
    assert.equal((await ask('/v1/session', { token, method: 'DELETE' })).status, 204)
    assert.equal((await ask('/v1/session', { token })).status, 401)
    assert.equal((await ask('/v1/session', { token, method: 'DELETE' })).status, 204, 'a second time does no harm')
  })

  test('a session whose time is over is none', async () => {
    const { body: session } = await ask<{ token: string; expiresAt: string }>('/v1/session', { json: demo })
    const { token, expiresAt } = session
    assert.equal((await ask('/v1/session', { token })).status, 200)
    const over = "UPDATE sessions SET expires_at = now() - interval '1 second' WHERE expires_at = $1 RETURNING 1"
    assert.equal((await queryShop(over, [expiresAt])).length, 1)
    const { status, body } = await ask<Problem>('/v1/session', { token })
    assert.deepEqual([status, body.detail], [401, 'The session has ended, please sign in'])
  })

  test('the database holds no token, only what one is recognised by', async () => {
    const token = await signIn()
    const rows = await queryShop<{ text: string }>("SELECT encode(token_hash, 'escape') || encode(token_hash, 'base64') AS text FROM sessions", [])
    assert.ok(rows.length > 0)
    assert.ok(rows.every(({ text }) => !text.includes(token)))
  })
})

suite('what is somebody’s own', () => {
  test('orders are shown and taken only for who is known', async () => {
    const cart = await cartWith('enamel-mug')
    for (const token of [undefined, 'nobody-has-this-token']) {
      const known = token === undefined ? {} : { token }
      assert.equal((await ask('/v1/orders', known)).status, 401)
      assert.equal((await ask('/v1/orders', { ...known, json: { cartId: cart.id } })).status, 401)
      assert.equal((await ask('/v1/session', known)).status, 401)
    }
    const { body } = await ask<{ itemCount: number }>(`/v1/carts/${cart.id}`)
    assert.equal(body.itemCount, 1, 'and the cart is as it was')
  })

  test('the page of the orders sends strangers to sign in, and back', async () => {
    const answer = await fetch(`${webUrl}/orders`, { redirect: 'manual' })
    assert.equal(answer.status, 307)
    assert.match(answer.headers.get('location') ?? '', /\/sign-in\?next=\/orders$/)
    const stale = await fetch(`${webUrl}/orders`, { redirect: 'manual', headers: { cookie: 'halyard_session=nobody-has-this-token' } })
    assert.equal(stale.status, 307)
  })
})
