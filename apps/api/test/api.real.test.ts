import { blueGreen } from '@plimsoll/engine'
import { contract, isPlimsollError, type Release, type ReleaseEvent } from '@plimsoll/model'
import { withTestServer } from '@plimsoll/store/test-server'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startRelease } from '../src/use-cases/start-release.ts'
import { blueprintOf, startApiUnderTest, token, type ApiUnderTest } from './api-under-test.ts'

const server = withTestServer({ beforeAll, afterAll })
const params = { app: 'shop' }
/** A step is begun and finished. */
const entries = blueGreen.steps.length * 2
let api: ApiUnderTest

beforeEach(async () => {
  api = await startApiUnderTest(await server.openStore())
  await api.write(blueprintOf('1'))
})
afterEach(() => api.close())

describe('a release', () => {
  test('is started, watched to its end, and live', async () => {
    const events = await eventsOf(await start())
    expect(events.at(-1)).toMatchObject({ event: 'end', data: { number: 1, state: 'live', outcome: { is: 'completed' } } })
    expect(events.filter((event) => event.event === 'entry').map(({ id }) => id)).toEqual(Array.from({ length: entries }, (_, i) => i + 1))
    expect(await api.client.call(contract.showApp, { params })).toMatchObject({ live: { number: 1 }, previous: [], underWay: null })
  })

  test('is seen whole by whoever comes after its end, and from where it was left by whoever comes back', async () => {
    const release = await start()
    const whole = await eventsOf(release)
    expect(await eventsOf(release)).toEqual(whole.filter(({ event }) => event !== 'line'))
    expect((await eventsOf(release, entries - 2)).map((event) => ('id' in event ? event.id : event.event))).toEqual([entries - 1, entries, 'end'])
  })

  test('makes the one before it previous, and the one before that retired', async () => {
    await releaseVersions('1', '2', '3')
    const { releases } = await api.client.call(contract.listReleases, { params })
    expect(releases.map(({ number, state }) => [number, state])).toEqual([[3, 'live'], [2, 'previous'], [1, 'retired']])
  })

  test('of nothing new says so', async () => {
    await releaseVersions('1')
    expect(await settled(await start())).toMatchObject({ number: 2, state: 'unchanged' })
    expect(await api.client.call(contract.showApp, { params })).toMatchObject({ live: { number: 1 } })
  })

  test('is refused while another one of its app runs', async () => {
    await releaseVersions('1')
    const held = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    const holding = api.runner.exclusively('shop' as never, async () => { held.resolve(); await release.promise }, new AbortController().signal)
    await held.promise
    expect(await codeOf(start())).toBe('RELEASE_LOCKED')
    release.resolve()
    await holding
  })

  test('does not go live when whoever asked for it left before it had a number', async () => {
    const left = new AbortController()
    const { runner } = api
    const asked = {
      ...runner,
      start: async (...given: Parameters<typeof runner.start>) => {
        const release = await runner.start(...given)
        left.abort()
        return release
      },
      interrupt: (...given: Parameters<typeof runner.interrupt>) => runner.interrupt(...given),
    }
    const release = await startRelease({ services: api.services, runner: asked }, { app: 'shop' as never, root: api.root, blueprint: 'render.yaml', on: undefined, waitMs: 0, watchMs: undefined, canary: undefined, pause: false }, left.signal)
    expect(await settled(release)).toMatchObject({ state: 'undone', outcome: { problem: { code: 'INTERRUPTED' } } })
  })

  test('is not begun for a Blueprint with mistakes, and every mistake is told', async () => {
    await api.write('services:\n  - type: web\n    nmae: web\n    runtime: node\n')
    const error: unknown = await start().catch((thrown: unknown) => thrown)
    expect(isPlimsollError(error) && error.code).toBe('BLUEPRINT_INVALID')
    expect(isPlimsollError(error) && error.details?.['diagnostics']).toSatisfy((all: unknown[]) => all.length > 1)
    expect(await codeOf(api.client.call(contract.listReleases, { params }))).toBe('NOT_FOUND')
  })

  test('names every value that is missing, and works once they are set', async () => {
    await api.write(`${blueprintOf('1')}    envVars:\n      - key: MAIL_KEY\n        sync: false\n`)
    expect(await settled(await start())).toMatchObject({ state: 'undone', outcome: { problem: { code: 'VALUE_MISSING', details: { missing: ['mailer/MAIL_KEY'] } } } })
    await api.client.call(contract.setValues, { params, body: { values: { 'mailer/MAIL_KEY': 'a secret key' } } })
    expect(await settled(await start())).toMatchObject({ state: 'live' })
  })

  test('goes on after Plimsoll died in the middle of it', async () => {
    await releaseVersions('1')
    await api.write(blueprintOf('2'))
    const { store } = api
    const never = new AbortController().signal
    // What a killed API leaves behind: a release that has begun, and nobody who runs it.
    const other = await startApiUnderTest(store, { driver: api.driver, edge: api.edge })
    const abandoned = await store.releases.create({ app: 'shop' as never, kind: 'release', state: 'releasing', steps: [], startedAt: new Date().toISOString(), source: { root: api.root, blueprint: 'render.yaml', dirty: true } })
    await other.runner.resumeAll(never)
    await other.runner.idle({ interrupt: false })
    expect(await store.releases.find('shop' as never, abandoned.number)).toMatchObject({ state: 'live', outcome: { is: 'completed' } })
    await other.close()
  })
})

describe('a rollback', () => {
  test('lets the release before serve again, and says of itself that it is completed', async () => {
    await releaseVersions('1', '2')
    const back = await settled(await api.client.call(contract.rollBack, { params, body: {} }))
    expect(back).toMatchObject({ number: 3, kind: 'rollback', backTo: 1, state: 'completed' })
    const { releases } = await api.client.call(contract.listReleases, { params })
    expect(releases.map(({ number, state }) => [number, state])).toEqual([[3, 'completed'], [2, 'previous'], [1, 'live']])
  })

  test('is refused to a release that was cut off, which ends while it is warm, and again after the app was down', async () => {
    await releaseVersions('1', '2')
    const cut = (upTo: number) => api.client.call(contract.cutOff, { params, body: { upTo } })
    const back = () => api.client.call(contract.rollBack, { params, body: { to: 1 } })
    expect(await cut(1)).toEqual({ app: 'shop', cutOff: 1, ended: [1] })
    expect(await cut(1)).toEqual({ app: 'shop', cutOff: 1, ended: [] })
    expect(await api.client.call(contract.showApp, { params })).toMatchObject({ cutOff: 1, previous: [], live: { number: 2 } })
    const { releases } = await api.client.call(contract.listReleases, { params })
    expect(releases.map(({ number, state }) => [number, state])).toEqual([[2, 'live'], [1, 'retired']])
    expect([await codeOf(back()), await codeOf(cut(2))]).toEqual(['CUT_OFF', 'USAGE'])
    await api.client.call(contract.takeDown, { params, body: { destroyData: false } })
    expect(await codeOf(cut(1))).toBe('NOT_FOUND')
    await releaseVersions('2')
    expect(await codeOf(back())).toBe('CUT_OFF')
  })

  test('of the only release is refused', async () => {
    await releaseVersions('1')
    expect(await codeOf(api.client.call(contract.rollBack, { params, body: {} }))).toBe('NOTHING_TO_ROLL_BACK')
  })
})

describe('down', () => {
  test('stops every unit and can be said twice', async () => {
    await releaseVersions('1', '2')
    expect(await api.client.call(contract.takeDown, { params, body: { destroyData: false } })).toEqual({ app: 'shop', wasLive: true, stopped: 3, dataDestroyed: false })
    expect(await api.client.call(contract.takeDown, { params, body: { destroyData: false } })).toEqual({ app: 'shop', wasLive: false, stopped: 0, dataDestroyed: false })
    expect(await api.client.call(contract.showApp, { params })).toMatchObject({ live: null, previous: [] })
  })

  test('leaves the way open for the next release', async () => {
    await releaseVersions('1')
    await api.client.call(contract.takeDown, { params, body: { destroyData: false } })
    expect(await settled(await start())).toMatchObject({ number: 2, state: 'live' })
  })

  test('of everything counts what it ended, of each app, and can be said twice', async () => {
    await releaseVersions('1', '2')
    const told = { app: 'shop', dataDestroyed: true }
    expect(await stopAll()).toEqual([{ ...told, wasLive: true, stopped: 3 }])
    expect(await stopAll()).toEqual([{ ...told, wasLive: false, stopped: 0 }])
    expect(api.destroyed).toEqual(['shop', 'shop'])
  })

  test('of Plimsoll alone ends no app', async () => {
    await releaseVersions('1')
    expect(await api.client.call(contract.stopPlimsoll, { body: { all: false, destroyData: true } })).toEqual({ ok: true, apps: [] })
    expect(await api.client.call(contract.showApp, { params })).toMatchObject({ live: { number: 1 } })
    expect(api.destroyed).toEqual([])
  })
})

describe('what is shown', () => {
  test('of an app are the databases and key-value services that its live release uses', async () => {
    await api.write(`${blueprintOf('1')}  - type: keyvalue\n    name: cart-cache\n    ipAllowList: []\ndatabases:\n  - name: shop-db\n`)
    await settled(await start())
    expect(await api.client.call(contract.showApp, { params })).toMatchObject({ resources: [{ name: 'shop-db', kind: 'database' }, { name: 'cart-cache', kind: 'keyvalue' }] })
    await api.client.call(contract.takeDown, { params, body: { destroyData: false } })
    expect(await api.client.call(contract.showApp, { params })).toMatchObject({ live: null, resources: [] })
  })

  test('of a release is what its checks said, whether it passed them or failed', async () => {
    await releaseVersions('1')
    expect(await verdictsOf(1)).toEqual([{ check: 'shop.opens', is: 'pass', finding: 'it opens', tookMs: 1 }])
    api.verdict = { check: 'shop.opens', is: 'fail', finding: 'it stays shut', tookMs: 1 }
    await api.write(blueprintOf('2'))
    expect(await settled(await start())).toMatchObject({ number: 2, state: 'undone', outcome: { problem: { code: 'CHECKS_FAILED' } } })
    expect(await verdictsOf(2)).toEqual([api.verdict])
  })
})

test('images are built of an app that was never released, and nothing is released', async () => {
  const body = { source: { root: api.root, blueprint: 'render.yaml' } }
  const images = async (services: string[]) => {
    const names: string[] = []
    for await (const { event, data } of api.client.stream(contract.buildImages, { params, body: { ...body, services } })) if (event === 'image') names.push(data.service)
    return names
  }
  expect(await images(['web'])).toEqual(['web'])
  await expect(images(['nobody'])).rejects.toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('nobody') })
  await expect(api.client.call(contract.showApp, { params })).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

describe('values', () => {
  test('are listed by name and origin, and never shown', async () => {
    await releaseVersions('1')
    await api.client.call(contract.setValues, { params, body: { values: { 'web/KEY': 'hush-hush' } } })
    const listed = await api.client.call(contract.listValues, { params })
    expect(listed).toEqual([{ service: 'web', key: 'KEY', origin: 'set' }, { service: 'web', key: 'SESSION_SECRET', origin: 'generated' }])
    expect(JSON.stringify(listed)).not.toContain('hush')
  })

  test('under a name that names no service are refused', async () => {
    expect(await codeOf(api.client.call(contract.setValues, { params, body: { values: { KEY: 'x' } } }))).toBe('USAGE')
  })
})

describe('requests to an app', () => {
  test('wait for a while, told by the app, until they are served again', async () => {
    await releaseVersions('1')
    api.edge.leaves(2)
    expect(await api.client.call(contract.pause, { params, body: { forMs: 30_000 } })).toMatchObject({ leftRequests: 2, holds: { pause: { atEnd: 'serve' } } })
    expect(await api.client.call(contract.showApp, { params })).toMatchObject({ holds: { pause: {} } })
    expect(await api.client.call(contract.resume, { params })).toEqual({})
    expect(await codeOf(api.client.call(contract.pause, { params, body: { forMs: 30_001 } }))).toBe('USAGE')
  })

  test('wait while a release with a pause changes what cannot overlap, and it is not watched unless asked', async () => {
    await releaseVersions('1')
    await api.write(blueprintOf('2'))
    const source = { root: api.root, blueprint: 'render.yaml' }
    const release = await settled(await api.client.call(contract.startRelease, { params, body: { source, pause: true } }))
    expect(release).toMatchObject({ state: 'live', paused: true })
    expect([release.watch, api.edge.pauses]).toEqual([undefined, ['paused', 'resumed']])
    expect(await codeOf(api.client.call(contract.startRelease, { params, body: { source, pause: true, canary: [{ share: 0.1, forMs: 1_000 }] } }))).toBe('USAGE')
  })

  test('get a page instead, also while a release runs, and the page itself is told to nobody else', async () => {
    await releaseVersions('1')
    await api.write(blueprintOf('2'))
    const under = await start()
    expect(await api.client.call(contract.maintain, { params, body: { on: true, message: 'Back at noon', page: '<h1>Sorry</h1>' } })).toEqual({ maintenance: { since: expect.any(String), message: 'Back at noon' } })
    expect(await settled(under)).toMatchObject({ state: 'live' })
    expect(await api.client.call(contract.showApp, { params })).toMatchObject({ live: { number: 2 }, holds: { maintenance: { message: 'Back at noon' } } })
    expect(await api.client.call(contract.maintain, { params, body: { on: false } })).toEqual({})
  })

  test('of an app that nobody knows cannot be held', async () => {
    expect(await codeOf(api.client.call(contract.maintain, { params: { app: 'nobody' }, body: { on: true } }))).toBe('NOT_FOUND')
    expect(await codeOf(api.client.call(contract.pause, { params: { app: 'nobody' }, body: { forMs: 1_000 } }))).toBe('NOT_FOUND')
  })
})

describe('the door', () => {
  test('is closed to those without the token', async () => {
    const answers = await Promise.all([undefined, 'Bearer wrong', `Basic ${token}`].map((authorization) => fetch(`${api.url}/v1/apps`, { headers: authorization === undefined ? {} : { authorization } })))
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401])
    expect(answers[0]?.headers.get('content-type')).toContain('application/problem+json')
  })

  test('tells health without a token', async () => {
    expect((await fetch(`${api.url}/healthz`)).status).toBe(200)
  })

  test('answers wrong questions as problems: unknown paths, bodies that are no JSON, names that are none', async () => {
    expect(await codeOf(api.client.call(contract.showApp, { params: { app: 'nobody' } }))).toBe('NOT_FOUND')
    expect(await codeOf(api.client.call(contract.showApp, { params: { app: 'Not A Name' } }))).toBe('USAGE')
    const garbled = await fetch(`${api.url}/v1/apps/shop/releases`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: '{' })
    expect([garbled.status, (await garbled.json() as { code: string }).code]).toEqual([400, 'USAGE'])
  })
})

async function stopAll(): Promise<unknown> {
  return (await api.client.call(contract.stopPlimsoll, { body: { all: true, destroyData: true } })).apps
}

async function verdictsOf(release: number): Promise<unknown> {
  return (await api.client.call(contract.showRelease, { params: { ...params, release } })).verdicts
}

function start(): Promise<Release> {
  return api.client.call(contract.startRelease, { params, body: { source: { root: api.root, blueprint: 'render.yaml' } } })
}

async function settled(release: Release): Promise<Release> {
  const last = (await eventsOf(release)).at(-1)
  if (last?.event !== 'end') throw new Error('the stream ended before the release')
  return last.data
}

async function releaseVersions(...versions: string[]): Promise<void> {
  for (const version of versions) {
    await api.write(blueprintOf(version))
    expect(await settled(await start())).toMatchObject({ state: 'live' })
  }
}

async function eventsOf({ number }: Release, lastEventId?: number): Promise<ReleaseEvent[]> {
  const events: ReleaseEvent[] = []
  for await (const event of api.client.stream(contract.watchRelease, { params: { ...params, release: number }, lastEventId })) events.push(event)
  return events
}

async function codeOf(asked: Promise<unknown>): Promise<string> {
  const error: unknown = await asked.then(() => 'no error', (thrown: unknown) => thrown)
  return isPlimsollError(error) ? error.code : String(error)
}
