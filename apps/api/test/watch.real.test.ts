import { fakeDriver, fakeEdge, manualClock, type FakeDriver, type FakeEdge, type ManualClock } from '@plimsoll/engine/fakes'
import { contract, isWatching, PlimsollError, type AppName, type Release } from '@plimsoll/model'
import { withTestServer } from '@plimsoll/store/test-server'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { blueprintOf, startApiUnderTest, type ApiUnderTest } from './api-under-test.ts'

const server = withTestServer({ beforeAll, afterAll })
const params = { app: 'shop' }
const watchMs = 60_000

/** What users do between two looks at the counters, to each release. */
interface Users {
  requests(release: number): number
  errors(release: number): number
}

let api: ApiUnderTest
let edge: FakeEdge
let driver: FakeDriver
let clock: ManualClock
let users: Users
/** Releases whose instances do not answer the watch itself. */
let ill: Set<number>
/** Releases whose worker falls over whenever somebody looks. */
let restless: Set<number>

beforeEach(async () => {
  users = { requests: () => 10, errors: () => 0 }
  ill = new Set()
  restless = new Set()
  clock = manualClock({ auto: true, startsAt: Date.now() })
  driver = fakeDriver({ clock })
  edge = fakeEdge()
  edge.beforeCounting(comeBy)
  api = await startApi(await server.openStore())
})
afterEach(async () => {
  await api.close()
  expect(api.faults).toEqual([])
})

/** Users come by between two looks, and workers fall over. */
function comeBy(): void {
  for (const { runnable: { unit }, instances } of driver.place.units.values()) {
    if (unit.service === 'mailer' && restless.has(unit.release)) instances.filter(({ ended }) => ended === undefined).forEach(({ id }) => driver.crash(id))
  }
  const live = edge.history('shop' as AppName).at(-1)?.live.release
  if (live !== undefined) edge.count('shop' as AppName, `${live}/web`, { requests: users.requests(live), responses5xx: users.errors(live) })
}

function startApi(store: ApiUnderTest['store']): Promise<ApiUnderTest> {
  const answer = async ({ address }: { readonly address: { readonly port: number } }) => (ill.has(releaseAt(address.port)) ? ({ is: 'unreachable', reason: 'refused' } as const) : ({ is: 'healthy' } as const))
  return startApiUnderTest(store, { edge, driver, clock, watchMs, probe: { http: answer, tcp: answer } })
}

function releaseAt(port: number): number {
  const unit = [...driver.place.addresses].find(([, addresses]) => addresses.some((each) => each.port === port))?.[0] ?? ''
  return Number(/-r(\d+)/.exec(unit)?.[1])
}

interface Wanted {
  readonly watchMs?: number
  readonly pause?: boolean
  readonly migrates?: boolean
  /** Another version of the worker, which else runs on as it is. */
  readonly mailer?: string
}

async function release(version: string, { migrates = false, mailer = '', ...more }: Wanted = {}): Promise<Release> {
  const blueprint = blueprintOf(version).replace('node mailer.js', `node mailer.js ${mailer}`.trimEnd())
  await api.write(migrates ? blueprint.replace('node web.js\n', 'node web.js\n    preDeployCommand: pnpm migrate\n') : blueprint)
  const { number } = await api.client.call(contract.startRelease, { params, body: { source: { root: api.root, blueprint: 'render.yaml' }, ...more } })
  for await (const event of api.client.stream(contract.watchRelease, { params: { ...params, release: number } })) if (event.event === 'end') return event.data
  throw new Error('the stream ended before the release')
}

async function find(number: number): Promise<Release> {
  return (await api.client.call(contract.showRelease, { params: { ...params, release: number } })).release
}

async function watched(number: number): Promise<Release> {
  for (;;) {
    const found = await find(number)
    if (!isWatching(found.watch)) return found
    await new Promise((resolve) => setImmediate(resolve))
  }
}

test('a release that does as well as the one before passes its watch and stays', async () => {
  await release('1')
  expect(await release('2')).toMatchObject({ state: 'live', watch: { state: 'watching', previous: 1 } })
  expect(await watched(2)).toMatchObject({ state: 'live', outcome: { is: 'completed' }, watch: { state: 'passed', look: { services: [{ service: 'web', is: 'well' }] } } })
})

test('a first release has nothing to go back to, and is not watched; nor is one that asks not to be', async () => {
  expect((await release('1')).watch).toBeUndefined()
  expect((await release('2', { watchMs: 0 })).watch).toBeUndefined()
})

test('a release that answers worse goes back by itself and says why, with its numbers', async () => {
  await release('1')
  users = { requests: () => 10, errors: (number) => (number === 2 ? 4 : 0) }
  await release('2')
  const back = await watched(2)
  expect(back).toMatchObject({ state: 'previous', outcome: { is: 'rolled-back', problem: { code: 'ROLLED_BACK', message: expect.stringContaining('web:') as string } }, watch: { state: 'went-back', look: { services: [{ service: 'web', is: 'worse' }] } } })
  expect(await find(3)).toMatchObject({ kind: 'rollback', backTo: 1, state: 'completed' })
  expect(await api.client.call(contract.showApp, { params })).toMatchObject({ live: { number: 1 } })
})

test('an edge that is away at the moment of going back does not keep it up: it is tried again', async () => {
  await release('1')
  await release('2', { watchMs: 3_600_000 })
  users = { requests: () => 10, errors: (number) => (number === 2 ? 4 : 0) }
  // So often it is asked before it is given up.
  for (let times = 0; times < 110; times += 1) edge.failNext('shift', new PlimsollError('EDGE_DOWN', 'The edge does not answer'))
  expect(await watched(2)).toMatchObject({ outcome: { is: 'rolled-back' }, watch: { state: 'went-back' } })
  expect([await find(3), await find(4)]).toMatchObject([{ kind: 'rollback', state: 'undone' }, { kind: 'rollback', backTo: 1, state: 'completed' }])
})

test('a release that nobody asks, and that does not answer the watch, goes back', async () => {
  await release('1')
  users = { requests: () => 0, errors: () => 0 }
  await release('2')
  ill.add(2)
  expect(await watched(2)).toMatchObject({ watch: { state: 'went-back' }, outcome: { is: 'rolled-back', problem: { message: expect.stringContaining('does not answer') as string } } })
})

test('a release stays, and says that it needs attention, when the one before does not answer either', async () => {
  await release('1')
  users = { requests: () => 10, errors: () => 5 }
  ill.add(1)
  await release('2')
  expect(await watched(2)).toMatchObject({ state: 'live', outcome: { is: 'completed' }, watch: { state: 'needs-attention', problem: { code: 'NEEDS_ATTENTION' } } })
  expect((await api.client.call(contract.listReleases, { params })).releases).toHaveLength(2)
})

test('a release stays when the one before did as badly', async () => {
  users = { requests: () => 10, errors: () => 4 }
  await release('1')
  // A release of before that was asked enough to know how it does.
  for (let i = 0; i < 20; i += 1) await edge.counters('shop' as AppName, new AbortController().signal)
  await release('2')
  expect(await watched(2)).toMatchObject({ state: 'live', watch: { state: 'needs-attention', problem: { message: expect.stringContaining('did no better') as string } } })
})

test('a release whose worker falls over again and again goes back by itself, although users notice nothing', async () => {
  await release('1', { mailer: '1' })
  await release('2', { mailer: '2' })
  restless.add(2)
  expect(await watched(2)).toMatchObject({
    state: 'previous', outcome: { is: 'rolled-back', problem: { message: expect.stringContaining('mailer: fell over 3 times') as string } },
    watch: { state: 'went-back', look: { services: [{ service: 'web', is: 'well' }, { service: 'mailer', is: 'worse' }] } },
  })
  expect((await driver.observe('shop' as AppName, new AbortController().signal)).filter(({ unit }) => unit.service === 'mailer')).toMatchObject([{ unit: { release: 1 }, state: 'running' }])
})

test('a release stays when the worker of the one before fell over in the same way', async () => {
  await release('1', { mailer: '1' })
  restless.add(1).add(2)
  for (let falls = 0; falls < 3; falls += 1) {
    comeBy()
    await clock.sleep(2_000, new AbortController().signal)
    await driver.observe('shop' as AppName, new AbortController().signal)
  }
  await release('2', { mailer: '2' })
  expect(await watched(2)).toMatchObject({ state: 'live', watch: { state: 'needs-attention', problem: { message: expect.stringMatching(/mailer: fell over \d+ times.*did no better/) as string } } })
})

test('a release stays when the one before is no longer warm', async () => {
  await release('1')
  const live = await release('2')
  const traffic = await edge.live(live.app, new AbortController().signal)
  if (traffic !== undefined) await edge.shift({ ...traffic, previous: [] }, new AbortController().signal)
  users = { requests: () => 10, errors: () => 4 }
  expect(await watched(2)).toMatchObject({ state: 'live', watch: { state: 'needs-attention', problem: { message: expect.stringContaining('no longer warm') as string } } })
})

test('a release whose schema change cannot overlap stays, for the one before would not run on it', async () => {
  await release('1')
  users = { requests: () => 10, errors: (number) => (number === 2 ? 4 : 0) }
  await release('2', { pause: true, watchMs })
  expect(await watched(2)).toMatchObject({ state: 'live', watch: { state: 'needs-attention', problem: { message: expect.stringContaining('cannot overlap') as string } } })
})

test('a watch ends when another release serves', async () => {
  await release('1')
  users = { requests: () => 0, errors: () => 0 }
  await release('2', { watchMs: 3_600_000 })
  await release('3')
  expect(await watched(2)).toMatchObject({ watch: { state: 'ended', look: { note: 'release 3 is live' } } })
  expect((await find(2)).watch?.problem).toBeUndefined()
})

test('a watch ends as rolled back when somebody goes back by hand', async () => {
  await release('1')
  users = { requests: () => 0, errors: () => 0 }
  await release('2', { watchMs: 3_600_000 })
  await api.client.call(contract.rollBack, { params, body: {} })
  expect(await watched(2)).toMatchObject({ watch: { state: 'ended', problem: { code: 'ROLLED_BACK' } } })
})

test('a watch goes on after Plimsoll died, and completes a way back that had begun', async () => {
  await release('1')
  await api.watcher.close()
  await release('2')
  const going = await find(2)
  if (going.watch === undefined) throw new Error('not watched')
  await api.store.releases.noteWatch(going, { watch: { ...going.watch, state: 'going-back', problem: { code: 'ROLLED_BACK', message: 'it did worse' } } })
  const other = await startApi(api.store)
  await other.watcher.refresh(going.app)
  expect(await watched(2)).toMatchObject({ outcome: { is: 'rolled-back' }, watch: { state: 'went-back' } })
  expect(await api.client.call(contract.showApp, { params })).toMatchObject({ live: { number: 1 } })
  await other.close()
})

test('what going back means is told before it is done, with the pre-deploy commands that stay done, and changes nothing', async () => {
  for (const version of ['1', '2']) await release(version, { watchMs: 0, migrates: true })
  expect(await api.client.call(contract.describeRollback, { params })).toMatchObject({
    from: 2, to: 1, warm: true, warmUntil: expect.any(String) as string,
    services: [{ service: 'web', is: 'changes' }, { service: 'mailer', is: 'stays' }],
    preDeploy: [{ release: 2, service: 'web', command: 'pnpm migrate' }], paused: [],
  })
  expect(await api.client.call(contract.showApp, { params })).toMatchObject({ live: { number: 2 } })
  await expect(api.client.call(contract.describeRollback, { params, query: { to: 2 } })).rejects.toMatchObject({ code: 'NOTHING_TO_ROLL_BACK' })
})

test('the release before is never one that went back by itself: to go there it has to be named', async () => {
  await release('1')
  users = { requests: () => 10, errors: (number) => (number === 2 ? 4 : 0) }
  await release('2')
  await watched(2)
  const refused = api.client.call(contract.rollBack, { params, body: {} })
  await expect(refused).rejects.toMatchObject({ code: 'NOTHING_TO_ROLL_BACK', message: expect.stringContaining('2, which did worse and went back by itself') as string })
  expect(await api.client.call(contract.describeRollback, { params, query: { to: 2 } })).toMatchObject({ from: 1, to: 2 })
  const view = await api.client.call(contract.showApp, { params })
  expect([view.previous, view.back]).toEqual([[2], undefined])
  users = { requests: () => 10, errors: () => 0 }
  await release('3')
  expect(await api.client.call(contract.showApp, { params })).toMatchObject({ live: { number: 4 }, previous: [1], back: 1 })
})
