import { setImmediate as turn } from 'node:timers/promises'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { appNameSchema } from '@plimsoll/model'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Connection, openStore, type Store } from '../src/store.ts'
import { testKeys, withTestServer } from '../src/test-server.ts'
import { app, at, never } from './begin-release.ts'
import { endChild, query } from './postgres-world.ts'

const server = withTestServer({ beforeAll, afterAll })
let store: Store
let connection: Connection
beforeEach(async () => {
  connection = await server.freshDatabase()
  store = await openStore({ connection, keys: testKeys })
  return () => store.close()
})

test('gives fences that only grow, also when the app was removed in between', async () => {
  const fences: number[] = []
  for (let turn = 0; turn < 3; turn += 1) {
    const lease = await store.leases.acquire(app, { holder: 'one', waitMs: 0 }, never)
    fences.push(lease.fence)
    await lease.release()
    await lease.release()
    await store.apps.remove(app)
  }
  expect(fences).toEqual([1, 2, 3])
})

test('refuses a second holder and says who the first is', async () => {
  const lease = await store.leases.acquire(app, { holder: 'ada on laptop, pid 7', waitMs: 0 }, never)
  const details = { holder: 'ada on laptop, pid 7', since: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) }
  await expect(store.leases.acquire(app, { holder: 'two', waitMs: 0 }, never)).rejects.toMatchObject({ code: 'RELEASE_LOCKED', details })
  await expect(store.leases.acquire(app, { holder: 'two', waitMs: 30 }, never)).rejects.toMatchObject({ code: 'RELEASE_LOCKED', details })
  await lease.release()
})

test('keeps apps apart', async () => {
  const one = await store.leases.acquire(app, { holder: 'one', waitMs: 0 }, never)
  const two = await store.leases.acquire(appNameSchema.parse('other'), { holder: 'one', waitMs: 0 }, never)
  expect([one.fence, two.fence]).toEqual([1, 1])
  await Promise.all([one.release(), two.release()])
})

test('hands a lease to whoever waits for it the moment it is free', async () => {
  const first = await store.leases.acquire(app, { holder: 'one', waitMs: 0 }, never)
  const waiting = store.leases.acquire(app, { holder: 'two', waitMs: 20_000 }, never)
  await lockIsAwaited()
  await first.release()
  const second = await waiting
  expect(second.fence).toBe(2)
  await second.release()
})

test('whoever gives up while the connection is made is told so, at whatever moment', async () => {
  for (let turns = 0; turns < 60; turns += 1) {
    const stop = new AbortController()
    const asked = store.leases.acquire(app, { holder: 'one', waitMs: 20_000 }, stop.signal).then((lease) => lease.release(), (error: unknown) => error)
    for (let taken = 0; taken < turns; taken += 1) await turn()
    stop.abort(new Error('enough'))
    expect(await asked).toSatisfy((end) => end === undefined || (end instanceof Error && end.message === 'enough'))
  }
})

test('stops waiting when it is told to, and leaves nobody in the queue', async () => {
  const first = await store.leases.acquire(app, { holder: 'one', waitMs: 0 }, never)
  const stop = new AbortController()
  const waiting = store.leases.acquire(app, { holder: 'two', waitMs: 20_000 }, stop.signal)
  await lockIsAwaited()
  stop.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  await first.release()
  const third = await store.leases.acquire(app, { holder: 'three', waitMs: 5_000 }, never)
  await third.release()
})

test('tells its holder when it is lost', async () => {
  const lease = await store.leases.acquire(app, { holder: 'one', waitMs: 0 }, never)
  const lost = once(lease.lost, 'abort')
  await query(connection, "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'plimsoll-lease' and datname = current_database()")
  await lost
  expect(lease.lost.reason).toMatchObject({ code: 'DATABASE_DOWN' })
  await lease.release()
})

test('may be asked by many at once whether it stands, and asks its session one after the other', async () => {
  const lease = await store.leases.acquire(app, { holder: 'one', waitMs: 0 }, never)
  const warned: string[] = []
  const note = ({ message }: Error): void => void warned.push(message)
  process.on('warning', note)
  await Promise.all(Array.from({ length: 5 }, () => lease.stands()))
  await turn()
  process.off('warning', note)
  expect(warned).toEqual([])
  await lease.release()
})

test('stands for as long as its session does, and says why it does not before anybody is told of the loss', async () => {
  const lease = await store.leases.acquire(app, { holder: 'one', waitMs: 0 }, never)
  await lease.stands()
  await query(connection, "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'plimsoll-lease' and datname = current_database()")
  await expect(lease.stands()).rejects.toMatchObject({ code: 'DATABASE_DOWN' })
  expect(lease.lost.aborted).toBe(true)
  await lease.release()
})

test('does not call it lost when it was given back', async () => {
  const lease = await store.leases.acquire(app, { holder: 'one', waitMs: 0 }, never)
  await lease.release()
  expect(lease.lost.aborted).toBe(false)
  await expect(lease.stands()).rejects.toMatchObject({ code: 'FENCED_OFF' })
})

test('is free again when its holder was killed, and fences the dead off', async () => {
  const holder = fork(new URL('./hold-lease.ts', import.meta.url), [JSON.stringify(connection), app], { execArgv: [] })
  const [{ fence }] = (await once(holder, 'message')) as [{ fence: number }]
  await store.apps.put({ name: app, root: '/srv', place: 'process', blueprint: 'render.yaml', entries: {}, createdAt: at })
  const release = await store.releases.create({ app, kind: 'release', state: 'releasing', source: { root: '/srv', blueprint: 'render.yaml', dirty: false }, steps: [], startedAt: at })

  await endChild(holder)
  const lease = await store.leases.acquire(app, { holder: 'the next', waitMs: 10_000 }, never)

  expect(lease.fence).toBeGreaterThan(fence)
  await expect(store.releases.update({ app, number: release.number, fence }, { state: 'live' })).rejects.toMatchObject({ code: 'FENCED_OFF' })
  await store.releases.update({ app, number: release.number, fence: lease.fence }, { state: 'live' })
  await lease.release()
})

/** Resolves when somebody stands in the queue for an advisory lock. */
async function lockIsAwaited(): Promise<void> {
  const waiting = "select from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())"
  while ((await query(connection, waiting)).length === 0);
}
