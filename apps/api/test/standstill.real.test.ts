import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { fakeDriver, fakeEdge, manualClock, type FakeDriver, type FakeEdge, type ManualClock } from '@plimsoll/engine/fakes'
import { appNameSchema, contract, PlimsollError, type JournalEntry, type Release } from '@plimsoll/model'
import { withTestServer } from '@plimsoll/store/test-server'
import type { Store } from '@plimsoll/store'
import type { Place } from '../src/services.ts'
import { blueprintOf, startApiUnderTest, type ApiUnderTest } from './api-under-test.ts'

const shop = appNameSchema.parse('shop')
const server = withTestServer({ beforeAll, afterAll })

/** Whether this entry of a journal cannot be written, and why. */
let refuses: (entry: JournalEntry) => PlimsollError | undefined
/** What the place says of images. */
let pin: Place['pinImages']
/** What comes before units are stopped. */
let stopping: () => Promise<void>
let clock: ManualClock
let edge: FakeEdge
let api: ApiUnderTest
beforeEach(async () => {
  refuses = () => undefined
  pin = async (_app, specs) => specs
  stopping = async () => undefined
  edge = fakeEdge()
  clock = manualClock({ auto: true, startsAt: Date.now() })
  const driver = fakeDriver({ clock })
  const hindered: FakeDriver = { ...driver, stop: (...asked) => stopping().then(() => driver.stop(...asked)) }
  api = await startApiUnderTest(refusing(await server.openStore()), { clock, driver: hindered, edge, pinImages: (...asked) => pin(...asked) })
  expect(await ended(await begin('1'))).toMatchObject({ state: 'live' })
})
afterEach(() => api.close())

const full = new PlimsollError('DISK_FULL', 'The disk of the database is full', { hint: 'Free some space: df -h' })
const down = new PlimsollError('DATABASE_DOWN', 'The database does not answer')
const away = new PlimsollError('ENGINE_DOWN', 'No Docker engine answers')

test('a release whose journal meets a full disk says so at once, and is taken back when there is room', async () => {
  refuses = (entry) => (entry.is === 'done' && entry.step === 'migrate' || entry.is === 'failed' ? full : undefined)
  const release = await begin('2')
  await expect(ended(release)).rejects.toMatchObject({ code: 'DISK_FULL', message: expect.stringContaining('stands still') as string, hint: expect.stringContaining('df -h') as string })
  await expect(begin('3')).rejects.toMatchObject({ code: 'DISK_FULL' })
  await expect(api.client.call(contract.takeDown, { params: { app: shop }, body: { destroyData: false } })).rejects.toMatchObject({ code: 'DISK_FULL' })
  refuses = () => undefined
  const next = await begin('3')
  expect(await stateOf(release)).toMatchObject({ state: 'undone', outcome: { problem: { code: 'DISK_FULL' } } })
  expect(await ended(next)).toMatchObject({ state: 'live' })
})

test('a database that is away for a moment is noticed by nobody who watches', async () => {
  let times = 3
  refuses = ({ is }) => (is === 'done' && times-- > 0 ? down : is === 'failed' ? down : undefined)
  expect(await ended(await begin('2'))).toMatchObject({ state: 'live', outcome: { is: 'completed' } })
})

test('an undo that the edge cannot do yet is done when it can, and the release is not left for a person to sort out', async () => {
  // Each call asks about a hundred times before it gives up: the switch, and then its undo.
  for (let times = 0; times < 210; times += 1) edge.failNext('shift', new PlimsollError('EDGE_DOWN', 'The edge does not answer'))
  expect(await ended(await begin('2'))).toMatchObject({ state: 'undone', outcome: { at: 'shift-traffic', problem: { code: 'EDGE_DOWN' } } })
  expect((await edge.live(shop, new AbortController().signal))?.live.release).toBe(1)
})

test('an undo for which the engine is away is done when it is back, and nothing of the release is left running', async () => {
  edge.failNext('shift', new PlimsollError('BUG', 'the switch fails'))
  let times = 12
  stopping = async () => {
    if (times-- <= 0) return
    // Longer than it is waited for, at the third time.
    await clock.advance(20_000)
    throw away
  }
  expect(await ended(await begin('2'))).toMatchObject({ state: 'undone', outcome: { at: 'shift-traffic', problem: { code: 'BUG' } } })
  expect(new Set((await api.driver.observe(shop, new AbortController().signal)).map(({ unit }) => unit.release))).toEqual(new Set([1]))
})

test('an engine that is away for seconds costs no release, whatever it was asked and whether it had done that or not', async () => {
  const verbs = ['build', 'start', 'observe'] as const
  const release = await begin('2')
  for (const verb of verbs) for (const when of ['after', 'before', 'before'] as const) api.driver.failNext(verb, away, when)
  expect(await ended(release)).toMatchObject({ state: 'live', outcome: { is: 'completed' } })
  expect(new Set((await api.driver.observe(shop, new AbortController().signal)).map(({ unit }) => unit.name))).toEqual(new Set(['shop-web-r1', 'shop-web-r2', 'shop-mailer-r1']))
})

test('Plimsoll can stop while a release stands still, and the next start brings it to its end', async () => {
  refuses = () => full
  const release = await begin('2')
  await expect(ended(release)).rejects.toMatchObject({ code: 'DISK_FULL' })
  await api.runner.idle({ interrupt: true })
  expect(await stateOf(release)).toMatchObject({ state: 'releasing' })
  refuses = () => undefined
  await api.runner.resumeAll(new AbortController().signal)
  expect(await ended(release)).toMatchObject({ state: expect.stringMatching(/^(live|undone)$/) as string })
})

test('a tag is what it was when the release began, also when it has moved before the release went on', async () => {
  let moves = 0
  pin = async (_app, specs) => specs.map((spec) => (spec.image === undefined ? spec : { ...spec, image: { reference: `acme/web@sha256:${String(++moves).repeat(64)}` } }))
  let times = 2
  refuses = ({ is, step }) => ((is === 'done' && step === 'build' && times-- > 0) || is === 'failed' ? down : undefined)
  const release = await ended(await begin('2', { images: { web: 'acme/web:stable' } }))
  expect(release).toMatchObject({ state: 'live', source: { images: { web: 'acme/web:stable' } } })
  const { specs } = await (await api.runner.contextOf(shop, release.number, new AbortController().signal)).memory.recall(release.number)
  expect(specs.map(({ service, image }) => [service, image?.reference])).toEqual([['web', `acme/web@sha256:${'1'.repeat(64)}`], ['mailer', undefined]])
})

function refusing(store: Store): Store {
  return {
    ...store,
    journalOf(...key) {
      const journal = store.journalOf(...key)
      return {
        read: () => journal.read(),
        async append(seq, entry) {
          const refusal = refuses(entry)
          if (refusal !== undefined) throw refusal
          await journal.append(seq, entry)
        },
      }
    },
  }
}

async function begin(version: string, given: { readonly images?: Record<string, string> } = {}): Promise<Release> {
  await api.write(blueprintOf(version))
  return api.client.call(contract.startRelease, { params: { app: shop }, body: { source: { root: api.root, blueprint: 'render.yaml' }, ...given } })
}

async function ended({ number }: Release): Promise<Release> {
  for await (const event of api.client.stream(contract.watchRelease, { params: { app: shop, release: number } })) {
    if (event.event === 'end') return event.data
  }
  throw new Error('the stream ended before the release')
}

async function stateOf({ number }: Release): Promise<Release> {
  return (await api.client.call(contract.showRelease, { params: { app: shop, release: number } })).release
}
