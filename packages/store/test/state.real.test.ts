import { readdir } from 'node:fs/promises'
import { appNameSchema, releaseNumberSchema, serviceNameSchema, verificationSchema } from '@plimsoll/model'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStore, type AppRecord, type PortWish } from '../src/store.ts'
import { testKeys, withTestServer } from '../src/test-server.ts'
import { app, at, beginRelease } from './begin-release.ts'
import { query } from './postgres-world.ts'

const server = withTestServer({ beforeAll, afterAll })
const other = appNameSchema.parse('other')
const mailer = serviceNameSchema.parse('Mail Robot')

test('brings its schema up to date once, however many open it at the same moment', async () => {
  const connection = await server.freshDatabase()
  const stores = await Promise.all([1, 2, 3].map(() => openStore({ connection, keys: testKeys })))
  const names = (await readdir(new URL('../migrations/', import.meta.url))).toSorted()
  expect(await query(connection, 'select number, name from plimsoll.migrations order by number')).toEqual(names.map((name, index) => ({ number: index + 1, name })))
  await Promise.all(stores.map((store) => store.close()))
})

test('is the state of one home, however often that one claims it, and from wherever', async () => {
  const connection = await server.freshDatabase()
  const [one, two] = await Promise.all([openStore({ connection, keys: testKeys }), openStore({ connection, keys: testKeys })])
  await Promise.all([one, two].map((store) => store.claim({ id: 'first', place: 'here:/home' })))
  await expect(two.claim({ id: 'second', place: 'there:/home' })).rejects.toMatchObject({ code: 'STATE_TAKEN', message: expect.stringMatching(/here:\/home; there:\/home/) as string, hint: expect.stringContaining('delete from plimsoll.home') as string })
  await one.claim({ id: 'first', place: 'moved:/home' })
  await expect(two.claim({ id: 'second', place: 'there:/home' })).rejects.toMatchObject({ details: { holder: 'moved:/home' } })
  await query(connection, 'delete from plimsoll.home')
  await two.claim({ id: 'second', place: 'there:/home' })
  await Promise.all([one.close(), two.close()])
})

test('is read and written on by an older version while a newer one runs beside it, and after going back from that', async () => {
  const connection = await server.freshDatabase()
  await (await openStore({ connection, keys: testKeys })).close()
  await query(connection, "insert into plimsoll.migrations (number, name, digest) values (999, '0999-from-the-future.sql', '')")
  const older = await openStore({ connection, keys: testKeys })
  await older.claim({ id: 'first', place: 'here:/home' })
  await older.close()
})

test('leaves state alone from which a newer version took what this one needs', async () => {
  const connection = await server.freshDatabase()
  await (await openStore({ connection, keys: testKeys })).close()
  await query(connection, "insert into plimsoll.migrations (number, name, digest, oldest) values (999, '0999-takes-away.sql', '', 998)")
  await expect(openStore({ connection, keys: testKeys })).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining('998 is needed') as string, hint: expect.stringContaining('Update') })
})

test('says DATABASE_DOWN where no database is, without naming the password', async () => {
  const connection = { connectionString: 'postgresql://ada:geheim@127.0.0.1:1/state' }
  const error: unknown = await openStore({ connection, keys: testKeys }).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'DATABASE_DOWN', message: expect.stringContaining('127.0.0.1:1/state') })
  expect(JSON.stringify(error)).not.toContain('geheim')
})

test('keeps an app, and changes it without changing when it was made', async () => {
  const store = await server.openStore()
  const first: AppRecord = { name: app, root: '/a', place: 'process', blueprint: 'render.yaml', entries: { web: { port: 4000, hosts: ['web.localhost'] } }, createdAt: at }
  await store.apps.put(first)
  await store.apps.put({ ...first, root: '/b', place: 'docker', createdAt: '2027-01-01T00:00:00.000Z' })
  expect(await store.apps.find(app)).toEqual({ ...first, root: '/b', place: 'docker' })
  expect(await store.apps.list()).toHaveLength(1)
  expect(await store.apps.find(other)).toBeUndefined()
})

test('never gives a release number twice, to callers at the same moment or after the app was removed', async () => {
  const store = await server.openStore()
  const begun = await Promise.all([1, 2, 3, 4, 5].map(() => create()))
  await store.apps.remove(app)
  expect(await store.releases.find(app, releaseNumberSchema.parse(1))).toBeUndefined()
  const numbers = [...begun, await create()].map(({ number }) => number)
  expect(numbers.toSorted()).toEqual([1, 2, 3, 4, 5, 6])

  async function create() {
    await store.apps.put({ name: app, root: '/a', place: 'process', blueprint: 'render.yaml', entries: {}, createdAt: at })
    return store.releases.create({ app, kind: 'release', state: 'releasing', source: { root: '/a', blueprint: 'render.yaml', dirty: true }, steps: [{ name: 'plan', title: 'Plan' }], startedAt: at })
  }
})

test('reads a release back as it was written', async () => {
  const store = await server.openStore()
  const { release, fence } = await beginRelease(store)
  const outcome = { is: 'undone', at: 'build', problem: { code: 'BUILD_FAILED', message: 'no', details: { log: ['a'] } } } as const
  const changed = await store.releases.update({ app, number: release.number, fence }, { state: 'undone', endedAt: at, outcome })
  expect(changed).toEqual({ ...release, state: 'undone', endedAt: at, outcome })
  expect(await store.releases.find(app, release.number)).toEqual(changed)
})

test('notes how a watch goes on without a lease, and never changes one that is over', async () => {
  const store = await server.openStore()
  const { release, fence } = await beginRelease(store)
  const key = { app, number: release.number }
  const watching = { forMs: 300_000, state: 'watching', startedAt: at, endsAt: at } as const
  expect(await store.releases.noteWatch(key, { watch: watching })).toBe(false)
  await store.releases.update({ ...key, fence }, { state: 'live', outcome: { is: 'completed' }, watch: watching })
  const outcome = { is: 'rolled-back', problem: { code: 'ROLLED_BACK', message: 'it did worse' } } as const
  expect(await store.releases.noteWatch(key, { watch: { ...watching, state: 'went-back' }, outcome })).toBe(true)
  expect(await store.releases.noteWatch(key, { watch: watching })).toBe(false)
  expect(await store.releases.find(app, release.number)).toMatchObject({ state: 'live', outcome, watch: { state: 'went-back' } })
})

test('refuses a release of an app that does not exist', async () => {
  const store = await server.openStore()
  const release = { app, kind: 'release', state: 'releasing', source: { root: '/a', blueprint: 'render.yaml', dirty: false }, steps: [], startedAt: at } as const
  await expect(store.releases.create({ ...release, steps: [] })).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('lists releases newest first, page by page, without gap or repetition', async () => {
  const store = await server.openStore()
  for (let count = 0; count < 5; count += 1) await beginRelease(store)
  const first = await store.releases.list(app, { limit: 2 })
  const second = await store.releases.list(app, { limit: 2, before: first.next })
  const third = await store.releases.list(app, { limit: 2, before: second.next })
  expect([first, second, third].map(({ releases }) => releases.map(({ number }) => number))).toEqual([[5, 4], [3, 2], [1]])
  expect(third.next).toBeUndefined()
})

test('makes a generated value once, for callers at the same moment too, and lets a person replace it', async () => {
  const store = await server.openStore()
  let made = 0
  const values = await Promise.all([1, 2, 3].map(() => store.keptValues.settle(app, 'api/SECRET', () => `made-${(made += 1)}`)))
  expect(new Set(values).size).toBe(1)
  await store.keptValues.set(app, 'api/SECRET', 'set')
  expect(await store.keptValues.settle(app, 'api/SECRET', () => 'other')).toBe('set')
  expect(await store.keptValues.values(app)).toEqual({ 'api/SECRET': 'set' })
  expect(await store.keptValues.list(app)).toMatchObject([{ key: 'api/SECRET', generated: false }])
  expect([await store.keptValues.unset(app, 'api/SECRET'), await store.keptValues.unset(app, 'api/SECRET')]).toEqual([true, false])
  await expect(store.keptValues.set(app, 'api/SECRET', 'a\0b')).rejects.toMatchObject({ code: 'USAGE' })
})

test('settles a port once and never gives one to two', async () => {
  const store = await server.openStore()
  const wish = (more: Partial<PortWish>): PortWish => ({ app, purpose: 'entry web', range: { from: 4000, to: 4003 }, isFree: async (port) => port !== 4000, ...more })
  const same = await Promise.all([1, 2, 3].map(() => store.ports.settle(wish({}))))
  expect(same).toEqual([4001, 4001, 4001])
  const both = await Promise.all([store.ports.settle(wish({ app: other })), store.ports.settle(wish({ purpose: 'entry api' }))])
  expect(both.toSorted()).toEqual([4002, 4003])
  expect(await store.ports.settle(wish({ isFree: async () => false }))).toBe(4001)
  await expect(store.ports.settle(wish({ purpose: 'one more' }))).rejects.toMatchObject({ code: 'PORT_TAKEN' })
  await store.apps.remove(other)
  expect(await store.ports.of(other)).toEqual({})
})

test('lets one of many run a cron tick, and one tick of a service at a time', async () => {
  const store = await server.openStore()
  const tick = { app, service: mailer, tick: '2026-11-22T10:00:00.000Z' }
  const later = { ...tick, tick: '2026-11-22T10:01:00.000Z' }
  const begin = { startedAt: at, release: releaseNumberSchema.parse(3) }
  const answers = await Promise.all([1, 2, 3].map(() => store.cronRuns.claim(tick, begin)))
  expect(answers.toSorted()).toEqual(['already-ran', 'already-ran', 'claimed'])
  expect(await store.cronRuns.claim(later, begin)).toBe('still-running')
  expect(await store.cronRuns.running(app)).toMatchObject([{ tick: tick.tick, release: 3, state: 'running' }])
  await store.cronRuns.finish(tick, { endedAt: at, exitCode: 0 })
  expect([await store.cronRuns.claim(tick, begin), await store.cronRuns.claim(later, begin)]).toEqual(['already-ran', 'claimed'])
  await store.cronRuns.finish(later, { endedAt: at, exitCode: null, lost: true })
  expect(await store.cronRuns.running(app)).toEqual([])
  await store.cronRuns.finish(later, { endedAt: at, exitCode: 0 })
  expect(await store.cronRuns.list(app, 10)).toMatchObject([{ tick: later.tick, state: 'abandoned' }, { tick: tick.tick, state: 'finished', exitCode: 0 }])
})

test('lists verifications with what blocks them, and without what was asked', async () => {
  const store = await server.openStore()
  const verdict = (is: string, more: object = {}) => ({ check: 'boot.start', is, finding: 'seen', tookMs: 1, ...more })
  const verdicts = [verdict('pass'), verdict('pass'), verdict('fail'), verdict('fail', { weight: 'advice' }), verdict('inconclusive'), verdict('skipped')]
  const whole = (id: string, startedAt: string) => verificationSchema.parse({
    version: 1, id, app, place: 'process', source: { root: '/srv', blueprint: 'render.yaml', dirty: false }, blueprint: `sha256:${'a'.repeat(64)}`, state: 'blocked', startedAt, artifacts: [], seed: 1, directory: '/nowhere',
    checks: [{ id: 'boot.start', title: 'It starts', concern: 'health', startedAt, tookMs: 1, after: [], verdicts }],
  })
  for (const each of [whole('a1', '2026-11-20T10:00:00.000Z'), whole('b2', '2026-11-21T10:00:00.000Z'), whole('c3', '2026-11-22T10:00:00.000Z')]) await store.verifications.begin(each)
  await store.verifications.begin({ ...whole('d4', at), app: other })
  const { checks: _checks, suites: _suites, artifacts: _artifacts, seed: _seed, directory: _directory, version: _version, blueprint: _blueprint, ...head } = whole('c3', '2026-11-22T10:00:00.000Z')
  const summary = (id: string, startedAt: string) => ({ ...head, id, startedAt, passed: 2, blocking: 1 })
  expect(await store.verifications.page(app, { limit: 2 })).toEqual({ verifications: [summary('c3', '2026-11-22T10:00:00.000Z'), summary('b2', '2026-11-21T10:00:00.000Z')], next: 'b2' })
  expect(await store.verifications.page(app, { limit: 2, before: 'b2' })).toEqual({ verifications: [summary('a1', '2026-11-20T10:00:00.000Z')], next: null })
})

test('copies that are raised at once are all remembered, in whatever order their notes arrive', async () => {
  const store = await server.openStore()
  await store.verifications.begin(verificationSchema.parse({
    version: 1, id: 'e5', app, place: 'process', source: { root: '/srv', blueprint: 'render.yaml', dirty: false }, blueprint: `sha256:${'a'.repeat(64)}`, state: 'running', startedAt: at, artifacts: [], seed: 1, directory: '/nowhere', checks: [], suites: [],
  }))
  for (const copies of [1, 4, 3, 2]) await store.verifications.noteCopies('e5', copies)
  expect((await store.verifications.open()).find(({ id }) => id === 'e5')).toMatchObject({ copies: 4 })
})
