import { createHmac } from 'node:crypto'
import { manualClock } from '@plimsoll/engine/fakes'
import { appNameSchema, contract, isPlimsollError, releaseNumberSchema, topics, type NewChannel, type Outcome, type Release } from '@plimsoll/model'
import type { Store } from '@plimsoll/store'
import { withTestServer } from '@plimsoll/store/test-server'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createOutboxKeeper } from '../src/notify/keep-outbox.ts'
import { startApiUnderTest, type ApiUnderTest } from './api-under-test.ts'
import { httpReceiver, type HttpReceiver } from './http-receiver.ts'

const server = withTestServer({ beforeAll, afterAll })
const never = new AbortController().signal
const clock = manualClock({ startsAt: Date.parse('2026-11-27T12:00:00.000Z') })
let api: ApiUnderTest
let store: Store
let receiver: HttpReceiver
/** Another one for each test: of those before, nothing is told any more. */
let shop = appNameSchema.parse('shop')
let count = 0

beforeAll(async () => {
  store = await server.openStore()
  api = await startApiUnderTest(store, { clock })
})
afterAll(async () => {
  await api.close()
  await store.close()
})
beforeEach(async () => {
  receiver = await httpReceiver()
  shop = appNameSchema.parse(`shop-${count++}`)
  await store.apps.put({ name: shop, root: '/srv', place: 'process', blueprint: 'render.yaml', entries: {}, createdAt: at() })
})
afterEach(async () => {
  for (const { id } of await store.channels.list()) await store.channels.remove(id)
  await receiver.close()
})

const at = (): string => new Date(clock.now()).toISOString()
/** Another Plimsoll each time: nothing is remembered but what lies in the database. */
const turn = (signal = never): Promise<void> => createOutboxKeeper({ store, clock, console: 'https://plimsoll.example', secrets: api.services.secrets }, () => undefined).turn(signal)
const add = (over: Partial<NewChannel> = {}) => api.client.call(contract.addChannel, { body: { name: 'ops', app: '*', topics: [...topics], way: { kind: 'slack', url: receiver.url }, ...over } })
const deliveries = async () => (await api.client.call(contract.listDeliveries, {})).map(({ topic, is, tries, why }) => ({ topic, is, tries, why }))
const codeOf = (asked: Promise<unknown>): Promise<unknown> => asked.then(() => 'answered', (error: unknown) => (isPlimsollError(error) ? error.code : error))

async function release(outcome: Outcome, over: Partial<Release> = {}): Promise<Release> {
  const begun = await store.releases.create({ app: shop, kind: 'release', state: 'releasing', source: { root: '/srv', blueprint: 'render.yaml', commit: '6f61611aa0b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5', branch: 'main', dirty: false, subject: 'The shop opens' }, steps: [{ name: 'build', title: 'Build what changed' }], startedAt: at(), ...over })
  const lease = await store.leases.acquire(shop, { holder: 'test', waitMs: 0 }, never)
  const ended = await store.releases.update({ app: shop, number: begun.number, fence: lease.fence }, { outcome, state: outcome.is === 'completed' ? 'live' : 'undone' })
  await lease.release()
  return ended
}

const failed: Outcome = { is: 'undone', at: 'build', problem: { code: 'BUILD_FAILED', message: 'npm run build ended with 1', hint: 'plimsoll logs' } }

describe('what happens', () => {
  test('is told once to each channel that wants to hear of it, by whichever Plimsoll comes first', async () => {
    await add()
    await add({ name: 'failures', topics: ['release.failed'] })
    await add({ name: 'blog', app: appNameSchema.parse('blog') })
    await release({ is: 'completed' })
    await release(failed)
    await turn()
    await turn()
    expect(receiver.received.map(({ body }) => (JSON.parse(body) as { text: string }).text).toSorted()).toEqual([
      `Release 1 of ${shop} is live.`, `Release 2 of ${shop} failed at “Build what changed” and was taken back: what was live is live.`, `Release 2 of ${shop} failed at “Build what changed” and was taken back: what was live is live.`,
    ])
    expect(receiver.received[0]?.body).toContain(`https://plimsoll.example/apps/${shop}/releases/1`)
  })

  test('is told as what it is: a release that is stuck, and a rollback by hand; and that nothing changed is told nobody', async () => {
    await add()
    await release({ is: 'unchanged', at: 'compare' })
    await release({ is: 'stuck', at: 'build', problem: { code: 'EDGE_DOWN', message: 'The edge is away' } })
    await release({ is: 'completed' }, { kind: 'rollback', backTo: releaseNumberSchema.parse(1) })
    await turn()
    expect((await deliveries()).map(({ topic }) => topic)).toEqual(['release.rolled-back', 'release.needs-attention'])
  })

  test('a watch that goes back is told once, and not its rollback too', async () => {
    await add()
    const watch = { forMs: 60_000, state: 'watching' as const, previous: releaseNumberSchema.parse(1) }
    await release({ is: 'completed' })
    const { number } = await release({ is: 'completed' }, { watch })
    const problem = { code: 'ROLLED_BACK' as const, message: 'Release 2 of shop did worse. web: 12 of 40 requests failed' }
    await store.releases.noteWatch({ app: shop, number }, { watch: { ...watch, state: 'going-back', problem } })
    await release({ is: 'completed' }, { kind: 'rollback', backTo: releaseNumberSchema.parse(1) })
    await store.releases.noteWatch({ app: shop, number }, { watch: { ...watch, state: 'went-back', problem }, outcome: { is: 'rolled-back', problem } })
    await turn()
    expect((await deliveries()).map(({ topic }) => topic)).toEqual(['release.went-back', 'release.live', 'release.live'])
    expect(receiver.received.at(-1)?.body).toContain('12 of 40 requests failed')
  })

  test('is forgotten where nobody is told', async () => {
    await release({ is: 'completed' })
    await turn()
    await add()
    await turn()
    expect(await deliveries()).toEqual([])
    expect(await store.outbox.occasions(10)).toEqual([])
  })
})

describe('a message', () => {
  test('that cannot be taken now is tried again later under the same id, also by a Plimsoll that was started meanwhile', async () => {
    receiver.replies = [{ status: 500 }, { status: 200 }]
    await add({ way: { kind: 'webhook', url: receiver.url, secret: `whsec_${Buffer.alloc(32, 7).toString('base64')}` } })
    await release({ is: 'completed' })
    await turn()
    await turn()
    expect([await deliveries(), receiver.received.length]).toEqual([[{ topic: 'release.live', is: 'waiting', tries: 1, why: 'it answered 500' }], 1])
    await clock.advance(5_000)
    await turn()
    expect(await deliveries()).toEqual([{ topic: 'release.live', is: 'delivered', tries: 2, why: null }])
    const [first, second] = receiver.received
    expect(first?.headers['webhook-id']).toBe(second?.headers['webhook-id'])
    const signed = `${String(second?.headers['webhook-id'])}.${String(second?.headers['webhook-timestamp'])}.${second?.body ?? ''}`
    expect(second?.headers['webhook-signature']).toBe(`v1,${createHmac('sha256', Buffer.alloc(32, 7)).update(signed).digest('base64')}`)
    expect(JSON.parse(second?.body ?? '')).toMatchObject({ type: 'release.live', data: { app: shop, release: 1 } })
  })

  test('and what comes after it wait as long as the receiver asks', async () => {
    receiver.replies = [{ status: 429, headers: { 'retry-after': '600' } }, { status: 200 }]
    await add()
    await release({ is: 'completed' })
    await release(failed)
    await turn()
    await clock.advance(599_000)
    await turn()
    expect(receiver.received).toHaveLength(1)
    await clock.advance(1_000)
    await turn()
    expect((await deliveries()).map(({ is, tries }) => [is, tries])).toEqual([['delivered', 1], ['delivered', 2]])
  })

  test('that nobody takes for a day is given up, and says so', async () => {
    receiver.replies = [{ status: 503 }]
    await add()
    await release({ is: 'completed' })
    for (let hours = 0; hours < 26; hours += 1) {
      await turn()
      await clock.advance(3_600_000)
    }
    expect(await deliveries()).toMatchObject([{ is: 'undelivered', why: 'it answered 503; it was tried for as long as a day allows' }])
    expect(receiver.received.length).toBeGreaterThan(5)
  })

  test('that the receiver refuses is not sent again', async () => {
    receiver.replies = [{ status: 302, headers: { location: 'http://127.0.0.1:1/' } }]
    await add()
    await release({ is: 'completed' })
    await turn()
    await clock.advance(3_600_000)
    await turn()
    expect([await deliveries(), receiver.received.length]).toEqual([[{ topic: 'release.live', is: 'undelivered', tries: 1, why: 'it answered 302' }], 1])
  })

  test('that is broken off when Plimsoll stops waits for the next start, and no try is counted', async () => {
    const stop = new AbortController()
    receiver.replies = ['hang', { status: 200 }]
    receiver.onRequest = () => stop.abort(new Error('Plimsoll is stopping'))
    await add()
    await release({ is: 'completed' })
    await turn(stop.signal)
    expect(await deliveries()).toMatchObject([{ is: 'waiting', tries: 0 }])
    await turn()
    expect(await deliveries()).toMatchObject([{ is: 'delivered', tries: 1 }])
  })

  test('has no answer after 15 s', async () => {
    receiver.replies = ['hang']
    receiver.onRequest = () => void clock.advance(15_000)
    await add()
    await release({ is: 'completed' })
    await turn()
    expect(await deliveries()).toMatchObject([{ is: 'waiting', why: 'there was no answer within 15 s' }])
  })
})

describe('a channel', () => {
  test('whose receiver answers 410 is off and says why, with what waited for it; switched on it is told again', async () => {
    receiver.replies = [{ status: 410, body: 'gone for good' }, { status: 200 }]
    const { id } = await add()
    await release({ is: 'completed' })
    await release(failed)
    await turn()
    const [closed] = await api.client.call(contract.listChannels, {})
    expect(closed).toMatchObject({ id, on: false, closed: { why: 'it answered 410: gone for good' }, version: 2 })
    expect((await deliveries()).map(({ is, why }) => [is, why])).toEqual([['unsent', 'The channel is switched off: it answered 410: gone for good'], ['undelivered', 'it answered 410: gone for good']])
    expect(await codeOf(api.client.call(contract.changeChannel, { params: { channel: id }, body: { version: 1, on: true } }))).toBe('CHANGED_MEANWHILE')
    expect(await api.client.call(contract.changeChannel, { params: { channel: id }, body: { version: 2, on: true } })).toMatchObject({ on: true, closed: null })
    await release({ is: 'completed' })
    await turn()
    expect(receiver.received).toHaveLength(2)
  })

  test('never gives back what is secret, not in a list, an answer, a reason or the audit log', async () => {
    receiver.replies = [{ status: 400, body: `no such hook ${receiver.url}` }]
    const { id } = await add()
    const secret = `whsec_${Buffer.alloc(24, 3).toString('base64')}`
    await api.client.call(contract.changeChannel, { params: { channel: id }, body: { version: 1, way: { kind: 'webhook', url: receiver.url, secret } } })
    await add({ name: 'mail', way: { kind: 'email', server: 'smtp://me:pass-word@127.0.0.1:1', from: 'a@example.org', to: ['b@example.org'] } })
    const answers = [
      await api.client.call(contract.listChannels, {}), await api.client.call(contract.testChannel, { params: { channel: id } }),
      await api.client.call(contract.listAudit, {}), await api.client.call(contract.listDeliveries, {}),
    ]
    for (const hidden of ['secret-path', secret, 'pass-word']) expect(JSON.stringify(answers)).not.toContain(hidden)
    expect(answers[1]).toMatchObject({ is: 'undelivered', why: 'it answered 400: no such hook [secret]' })
  })

  test('has the secret of its signatures made, and told once', async () => {
    const { secret, id } = await add({ way: { kind: 'webhook', url: receiver.url } })
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    await api.client.call(contract.testChannel, { params: { channel: id } })
    const { headers = {}, body = '' } = receiver.received[0] ?? {}
    const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`
    expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', Buffer.from((secret ?? '').slice(6), 'base64')).update(signed).digest('base64')}`)
    expect(JSON.stringify(await api.client.call(contract.listChannels, {}))).not.toContain(secret)
  })

  test('is removed with what waits for it', async () => {
    receiver.replies = [{ status: 500 }]
    const { id } = await add()
    await release({ is: 'completed' })
    await turn()
    await api.client.call(contract.removeChannel, { params: { channel: id } })
    expect([await deliveries(), await codeOf(api.client.call(contract.testChannel, { params: { channel: id } }))]).toEqual([[], 'NOT_FOUND'])
  })

  test('to GitHub marks the commit, and says where there is none', async () => {
    receiver.replies = [{ status: 201 }]
    const { id } = await add({ way: { kind: 'github', repository: 'shop/storefront', token: 'ghs_token', apiUrl: new URL('/', receiver.url).href } })
    await release(failed)
    await turn()
    expect(receiver.received.map(({ path, body }) => [path, JSON.parse(body)])).toMatchObject([['/repos/shop/storefront/statuses/6f61611aa0b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5', { state: 'failure', context: 'plimsoll release' }]])
    expect(await api.client.call(contract.testChannel, { params: { channel: id } })).toMatchObject({ is: 'unsent', why: expect.stringContaining('a test is about none') })
  })
})
