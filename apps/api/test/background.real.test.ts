import { contract, PlimsollError, serviceNameSchema, type AppName, type ReleaseNumber } from '@plimsoll/model'
import { fakeDriver, manualClock } from '@plimsoll/engine/fakes'
import { withTestServer } from '@plimsoll/store/test-server'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { followCronRun, forgetEndedRuns } from '../src/cron-run.ts'
import { createCronKeeper } from '../src/keep-crons.ts'
import { retireOverdue } from '../src/keep-warm.ts'
import { blueprintOf, startApiUnderTest, type ApiUnderTest } from './api-under-test.ts'

const server = withTestServer({ beforeAll, afterAll })
const shop = 'shop' as AppName
const sweep = serviceNameSchema.parse('sweep')
const never = new AbortController().signal
const tick = '2026-01-01T00:05:00.000Z'
// Ticks are given by hand: those of the clock would be runs too many.
const withCron = `${blueprintOf('1')}  - type: cron
    name: sweep
    runtime: node
    schedule: '0 0 29 2 *'
    buildCommand: npm run build
    startCommand: node sweep.js
`
let api: ApiUnderTest

/** What every sweep waits for. */
let held: Promise<void>

beforeEach(async () => {
  held = Promise.resolve()
  const driver = fakeDriver({ clock: manualClock({ auto: true }), command: () => ({ until: held }) })
  api = await startApiUnderTest(await server.openStore(), { driver })
})
afterEach(() => api.close())

test('a cron tick runs the start command of the live release, once however often it is due', async () => {
  await release(withCron)
  for (const _ of [1, 2, 3]) api.crons.due({ app: shop, service: 'sweep', tick })
  await ended(tick)
  api.crons.due({ app: shop, service: 'sweep', tick })
  expect(ran()).toEqual(['shop-sweep-r1'])
  expect(await runs()).toEqual([[tick, 'finished', 1]])
})

test('a run whose place goes away in the middle of it is followed to its end when it is back, and not run twice', async () => {
  await release(withCron)
  const away = new PlimsollError('ENGINE_DOWN', 'No Docker engine answers')
  api.driver.failNext('exec', away, 'after')
  api.driver.failNext('exec', away)
  api.crons.due({ app: shop, service: 'sweep', tick })
  await ended(tick)
  expect(ran()).toEqual(['shop-sweep-r1'])
  expect(await api.store.cronRuns.list(shop, 10)).toMatchObject([{ state: 'finished', exitCode: 0 }])
})

test('a tick that comes while an earlier one runs is run when that has ended, and of several the last', async () => {
  const held = await heldUp()
  for (const later of ['2026-01-01T00:06:00.000Z', '2026-01-01T00:07:00.000Z']) api.crons.due({ app: shop, service: 'sweep', tick: later })
  held.letGo()
  await ended('2026-01-01T00:07:00.000Z')
  expect(await runs()).toEqual([['2026-01-01T00:07:00.000Z', 'finished', 1], [tick, 'finished', 1]])
})

test('a tick that comes while requests wait is run when that is over', async () => {
  await release(withCron)
  const now = new Date().toISOString()
  const pause = { since: now, until: now, atEnd: 'refuse' } as const
  await api.edge.pause({ app: shop, fence: 1, pause }, never)
  const asked = api.edge.holds
  const looked = Promise.withResolvers<void>()
  api.services.edge.holds = (...given) => {
    looked.resolve()
    return asked(...given)
  }
  api.crons.due({ app: shop, service: 'sweep', tick })
  await looked.promise
  expect(await runs()).toEqual([])
  await api.edge.pause({ app: shop, fence: 1, pause: null }, never)
  await ended(tick)
  expect(await runs()).toEqual([[tick, 'finished', 1]])
})

test('a run goes on through releases, even when its own is retired, and the tick behind it is run by what is live then', async () => {
  const held = await heldUp()
  for (const version of ['2', '3']) await release(withCron.replace("value: '1'", `value: '${version}'`).replace('node sweep.js', `node sweep.js ${version}`))
  expect(await states()).toEqual([[3, 'live'], [2, 'previous'], [1, 'retired']])
  api.crons.due({ app: shop, service: 'sweep', tick: '2026-01-01T00:06:00.000Z' })
  held.letGo()
  await ended('2026-01-01T00:06:00.000Z')
  expect(await runs()).toEqual([['2026-01-01T00:06:00.000Z', 'finished', 3], [tick, 'finished', 1]])
  expect(ran()).toEqual(['shop-sweep-r1', 'shop-sweep-r3'])
})

test('a run that outlives Plimsoll is waited for by the next one, which runs nothing twice and nothing beside it', async () => {
  const held = await heldUp()
  await api.crons.close({ endRuns: false })
  const next = createCronKeeper(cronParts())
  await next.adopt(shop)
  next.due({ app: shop, service: 'sweep', tick: '2026-01-01T00:06:00.000Z' })
  expect(await runs()).toEqual([[tick, 'running', 1]])
  held.letGo()
  await ended('2026-01-01T00:06:00.000Z')
  expect(await runs()).toEqual([['2026-01-01T00:06:00.000Z', 'finished', 1], [tick, 'finished', 1]])
  expect(ran()).toEqual(['shop-sweep-r1', 'shop-sweep-r1'])
  await next.close({ endRuns: true })
})

test('a run that ends while Plimsoll is on its way out is left for the next one to write down, which does not run it again', async () => {
  await release(withCron)
  const run = { app: shop, service: sweep, tick, startedAt: new Date().toISOString(), release: 1 as ReleaseNumber, state: 'running' } as const
  await api.store.cronRuns.claim(run, run)
  await followCronRun(cronParts(), run, { signal: never, leaves: () => true })
  expect(await runs()).toEqual([[tick, 'running', 1]])
  await followCronRun(cronParts(), run, { signal: never, leaves: () => false })
  expect(await runs()).toEqual([[tick, 'finished', 1]])
  expect(ran()).toEqual(['shop-sweep-r1'])
})

test('what a run has left that ended right before Plimsoll died is taken away by the next one, and nothing of what goes on', async () => {
  await release(withCron)
  const taken: string[] = []
  const stop = api.driver.stop
  api.driver.failNext('stop', new Error('died'))
  const run = { app: shop, service: sweep, tick, startedAt: new Date().toISOString(), release: 1 as ReleaseNumber, state: 'running' } as const
  await api.store.cronRuns.claim(run, run)
  await expect(followCronRun(cronParts(), run, { signal: never, leaves: () => false })).rejects.toThrow('died')
  api.driver.stop = (...given) => {
    taken.push(given[1].name)
    return stop(...given)
  }
  await createCronKeeper(cronParts()).adopt(shop)
  expect([await runs(), taken]).toEqual([[[tick, 'finished', 1]], ['shop-sweep-r1']])
  taken.length = 0
  await api.store.cronRuns.claim({ ...run, tick: '2026-01-01T00:06:00.000Z' }, run)
  await forgetEndedRuns(cronParts(), shop, never)
  expect(taken).toEqual([])
})

test('a run whose end could not be written down holds nothing up: it is written down before the next tick', async () => {
  await release(withCron)
  await api.store.cronRuns.claim({ app: shop, service: sweep, tick }, { startedAt: new Date().toISOString(), release: 1 as ReleaseNumber })
  api.crons.due({ app: shop, service: 'sweep', tick: '2026-01-01T00:06:00.000Z' })
  await ended('2026-01-01T00:06:00.000Z')
  expect(await runs()).toEqual([['2026-01-01T00:06:00.000Z', 'finished', 1], [tick, 'finished', 1]])
})

test('an app that is taken down has nothing scheduled, and what ran of it has ended', async () => {
  await heldUp()
  await api.crons.refresh(shop)
  expect(api.crons.scheduled(shop)).toEqual(['sweep'])
  await api.client.call(contract.takeDown, { params: { app: shop }, body: { destroyData: false } })
  expect(api.crons.scheduled(shop)).toEqual([])
  await api.crons.refresh(shop)
  expect(api.crons.scheduled(shop)).toEqual([])
  expect(await runs()).toEqual([[tick, 'finished', 1]])
  expect([ran(), api.faults]).toEqual([[], []])
})

test('a warm release is retired when its time is over, and not before', async () => {
  await release(blueprintOf('1'))
  await release(blueprintOf('2'))
  await retireOverdue({ services: api.services, runner: api.runner, warmMs: 60 * 60_000 }, shop, never)
  expect(await states()).toEqual([[2, 'live'], [1, 'previous']])
  await retireOverdue({ services: api.services, runner: api.runner, warmMs: 0 }, shop, never)
  expect(await states()).toEqual([[2, 'live'], [1, 'retired']])
  expect(await api.client.call(contract.showApp, { params: { app: shop } })).toMatchObject({ previous: [] })
})

test('what a cut-off that died has left running is ended by the next look, and nothing that still serves', async () => {
  await release(blueprintOf('1'))
  await release(blueprintOf('2'))
  api.driver.failNext('stop', new Error('died'))
  await expect(api.client.call(contract.cutOff, { params: { app: shop }, body: { upTo: 1 as ReleaseNumber } })).rejects.toThrow()
  expect(await running()).toEqual(['shop-mailer-r1', 'shop-web-r1', 'shop-web-r2'])
  await retireOverdue({ services: api.services, runner: api.runner, warmMs: 60 * 60_000 }, shop, never)
  // The mailer of the first is kept by the second.
  expect(await running()).toEqual(['shop-mailer-r1', 'shop-web-r2'])
  expect(await states()).toEqual([[2, 'live'], [1, 'retired']])
})

/** Everything that a keeper of the next Plimsoll over the same place needs. */
function cronParts(): Parameters<typeof createCronKeeper>[0] {
  const { services, runner } = api
  return { services, contextFor: (app, number, signal) => runner.contextOf(app, number, signal), report: (error) => { throw error }, output: () => undefined }
}

/** A release whose sweep has begun at `tick`, and ends when it is let go. */
async function heldUp(): Promise<{ letGo(): void }> {
  const { promise, resolve } = Promise.withResolvers<void>()
  held = promise
  await release(withCron)
  api.crons.due({ app: shop, service: 'sweep', tick })
  await until(async () => (await runs()).length === 1)
  return { letGo: resolve }
}

function ended(of: string): Promise<void> {
  return until(async () => (await runs()).some(([when, state]) => when === of && state !== 'running'))
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve))
}

/** The units of which something runs. */
async function running(): Promise<string[]> {
  return (await api.driver.observe(shop, never)).map(({ unit }) => unit.name).toSorted()
}

/** Which units' sweeps have run to their end. */
function ran(): string[] {
  return api.driver.ran.map(({ unit }) => unit.name)
}

async function runs(): Promise<[string, string, number | undefined][]> {
  return (await api.store.cronRuns.list(shop, 10)).map((run) => [run.tick, run.state, run.release])
}

async function release(blueprint: string): Promise<void> {
  await api.write(blueprint)
  const { number } = await api.client.call(contract.startRelease, { params: { app: shop }, body: { source: { root: api.root, blueprint: 'render.yaml' } } })
  for await (const event of api.client.stream(contract.watchRelease, { params: { app: shop, release: number } })) {
    if (event.event === 'end') expect(event.data.state).toBe('live')
  }
}

async function states(): Promise<unknown[]> {
  return (await api.client.call(contract.listReleases, { params: { app: shop } })).releases.map(({ number, state }) => [number, state])
}
