import { once } from 'node:events'
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net'
import { createClient } from '@plimsoll/client'
import { appNameSchema, contract, type Release } from '@plimsoll/model'
import type { Store } from '@plimsoll/store'
import { textOf, testKeys, withTestServer } from '@plimsoll/store/test-server'
import { openStore, type Connection } from '@plimsoll/store'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../src/system-clock.ts'
import { blueprintOf, startApiUnderTest, token, type ApiUnderTest } from './api-under-test.ts'

const server = withTestServer({ beforeAll, afterAll })
const app = appNameSchema.parse('shop')
const params = { app }

let connection: Connection
let store: Store
let api: ApiUnderTest
beforeEach(async () => {
  connection = await server.freshDatabase()
  store = await openStore({ connection, keys: testKeys })
  api = await startApiUnderTest(store)
  await api.write(blueprintOf('1'))
})
afterEach(async () => {
  await api.close()
  await store.close()
})

interface Sent {
  readonly key?: string
  readonly bearer?: string
  readonly to?: ApiUnderTest
  readonly method?: string
}
async function send(path: string, body: unknown, { key, bearer = token, to = api, method = 'POST' }: Sent = {}): Promise<{ status: number; body: Record<string, unknown> }> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${bearer}`, ...(key !== undefined && { 'idempotency-key': key }) }
  const answer = await fetch(new URL(path, to.url), { method, headers, body: JSON.stringify(body) })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}
const start = (sent: Sent = {}) => send('/v1/apps/shop/releases', { source: { root: api.root, blueprint: 'render.yaml' } }, sent)
const releases = async (): Promise<number[]> => (await store.releases.list(app, { limit: 10 })).releases.map(({ number }) => number)

test('a start that is sent twice under one key makes one release, at once and one after the other, and is told the same', async () => {
  const [one, two] = await Promise.all([start({ key: 'k1' }), start({ key: 'k1' })])
  const three = await start({ key: 'k1' })
  expect(one).toMatchObject({ status: 200, body: { number: 1 } })
  expect([two, three]).toEqual([one, one])
  expect(await releases()).toEqual([1])
  await api.runner.ended(app)
  expect(await start({ key: 'k2' })).toMatchObject({ status: 200, body: { number: 2 } })
})

test('a start whose answer was lost with Plimsoll itself makes no second release when it is sent again', async () => {
  // Died after the release was begun and before its answer was kept.
  const dying: Store = { ...store, keptAnswers: { ...store.keptAnswers, settle: () => Promise.reject(new Error('died here')) } }
  const before = await startApiUnderTest(dying)
  await before.write(blueprintOf('1'))
  const body = { source: { root: before.root, blueprint: 'render.yaml' } }
  const first = await send('/v1/apps/shop/releases', body, { key: 'k1', to: before })
  await before.runner.ended(app)
  await before.close()
  const again = await send('/v1/apps/shop/releases', body, { key: 'k1' })
  expect(again).toMatchObject({ status: 200, body: { number: first.body['number'], state: 'live' } })
  expect(await releases()).toEqual([1])
})

test('the client sends a change again whose connection broke, and it is made once', async () => {
  const patient = await startApiUnderTest(store, { absence: systemClock })
  await patient.write(blueprintOf('1'))
  const door = await breakingDoor(patient.url)
  const client = createClient({ baseUrl: door.url, token, backOffMs: [1, 1, 1] })
  const release = await client.call(contract.startRelease, { params, body: { source: { root: patient.root, blueprint: 'render.yaml' } } })
  await patient.runner.ended(app)
  expect(door.broken()).toBe(1)
  expect(await releases()).toEqual([release.number])
  expect(await store.releases.find(app, release.number)).toMatchObject({ state: 'live' })
  await door.close()
  await patient.close()
})

test('something else under a key that is known is refused, and a key is known to whoever used it, for that route', async () => {
  const set = (value: string, sent: Sent) => send('/v1/apps/shop/values', { values: { 'web/KEY': value } }, { ...sent, method: 'PUT' })
  expect((await set('one', { key: 'k1' })).status).toBe(200)
  expect(await set('two', { key: 'k1' })).toMatchObject({ status: 422, body: { code: 'KEY_REUSED' } })
  expect(await store.keptValues.get(app, 'web/KEY')).toBe('one')
  expect((await start({ key: 'k1' })).status).toBe(200)
  const { token: other } = await api.client.call(contract.createToken, { body: { name: 'ci', scope: 'admin', days: 1 } })
  expect((await set('three', { key: 'k1', bearer: other })).status).toBe(200)
  for (const key of ['a key', 'x'.repeat(201)]) expect(await set('four', { key })).toMatchObject({ status: 400, body: { code: 'USAGE' } })
})

test('a token that was made once is told again under its key, and stands in the database in no readable form', async () => {
  const make = () => send('/v1/tokens', { name: 'ci', scope: 'viewer', days: 1 }, { key: 'k1' })
  const [one, two] = [await make(), await make()]
  expect(two).toEqual(one)
  expect(await store.tokens.list()).toHaveLength(1)
  const secret = String(one.body['token'])
  const text = await textOf(connection)
  expect(text).toContain('POST /v1/tokens')
  for (const form of [secret, Buffer.from(secret).toString('hex')]) expect(text).not.toContain(form)
})

test('a refusal is told again, and a change that is told again is in the audit log once', async () => {
  const back = () => send('/v1/apps/nowhere/rollback', {}, { key: 'k1' })
  const [one, two] = [await back(), await back()]
  expect(one).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } })
  expect(two).toEqual(one)
  const { entries } = await store.auditLog.page({ before: undefined, app: 'nowhere', limit: 10 })
  expect(entries.map(({ outcome }) => outcome)).toEqual(['failed', 'allowed'])
})

test('a release is not begun for somebody who left while it waited, and did not come back', async () => {
  const held = Promise.withResolvers<void>()
  const holding = Promise.withResolvers<void>()
  await settled(await begun(start({ key: 'first' })))
  const lease = api.runner.exclusively(app, async () => { holding.resolve(); await held.promise }, new AbortController().signal)
  await holding.promise
  const leaving = new AbortController()
  const body = JSON.stringify({ source: { root: api.root, blueprint: 'render.yaml' }, waitMs: 60_000 })
  const asked = fetch(new URL('/v1/apps/shop/releases', api.url), { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'idempotency-key': 'left' }, body, signal: leaving.signal })
  leaving.abort()
  await expect(asked).rejects.toThrow()
  held.resolve()
  await lease
  await api.runner.ended(app)
  expect((await store.releases.list(app, { limit: 10 })).releases.filter(({ state, outcome }) => state === 'live' && outcome?.is === 'completed').map(({ number }) => number)).toEqual([1])
})

async function begun(answer: ReturnType<typeof start>): Promise<Release> {
  return (await answer).body as unknown as Release
}

async function settled({ number }: Release): Promise<void> {
  for await (const event of api.client.stream(contract.watchRelease, { params: { app, release: number } })) if (event.event === 'end') return
}

/** A door to the API that breaks its first connection when the answer comes. */
async function breakingDoor(url: string): Promise<{ readonly url: string; readonly broken: () => number; readonly close: () => Promise<void> }> {
  const target = new URL(url)
  let broken = 0
  const sockets = new Set<Socket>()
  const door: Server = createServer((client) => {
    const behind = connect(Number(target.port), target.hostname)
    for (const socket of [client, behind]) sockets.add(socket.on('error', () => undefined))
    client.pipe(behind)
    behind.on('data', (bytes: Buffer) => {
      if (broken > 0) return void client.write(bytes)
      broken += 1
      client.resetAndDestroy()
      behind.destroy()
    })
    behind.on('end', () => client.end())
  }).listen(0, '127.0.0.1')
  await once(door, 'listening')
  return {
    url: `http://127.0.0.1:${(door.address() as AddressInfo).port}`, broken: () => broken,
    async close() {
      for (const socket of sockets) socket.destroy()
      door.close()
      await once(door, 'close')
    },
  }
}
