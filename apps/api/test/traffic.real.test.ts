import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, type Server } from 'node:http'
import { createServer as createPlain, type AddressInfo } from 'node:net'
import { createEdge, edgePaths, locateHaproxy, startEdge, type RunningEdge } from '@plimsoll/edge'
import { whyNoHaproxy } from '@plimsoll/edge/why-no-haproxy'
import { manualClock, type ManualClock } from '@plimsoll/engine/fakes'
import { appNameSchema, trafficSchema, type Release, type TrafficEvent, type TrafficPicture } from '@plimsoll/model'
import { withTestServer } from '@plimsoll/store/test-server'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createPainter, type Painter } from '../src/traffic/painter.ts'
import { showTraffic } from '../src/use-cases/show-traffic.ts'

const never = new AbortController().signal
const app = appNameSchema.parse('shop')
const server = withTestServer({ beforeAll, afterAll })
type Store = Awaited<ReturnType<typeof server.openStore>>

const without = whyNoHaproxy(process.env)
const edges = [['of its own', undefined], ...(without === undefined ? [['behind HAProxy', locateHaproxy(process.env['PATH'])] as const] : [])] as const

const longAgo = '2025-01-01T00:00:00.000Z'
const source = { root: '/srv/shop', blueprint: 'render.yaml', dirty: false }
const steps = [{ name: 'plan', title: 'Plan' }, { name: 'shift-traffic', title: 'Switch', moment: 'switch' as const }]

/** A service of one release: it answers 500 to `/fails`, breaks off `/breaks`, and is slow on `/slow`. */
function upstream(): Promise<Server> {
  const listening = createServer((request, response) => {
    if (request.url === '/breaks') return void request.socket.destroy()
    setTimeout(() => response.writeHead(request.url === '/fails' ? 500 : 200).end('served'), request.url === '/slow' ? 250 : 0)
  })
  return new Promise((resolve) => listening.listen(0, '127.0.0.1', () => resolve(listening)))
}

const portOf = (of: Server): number => (of.address() as AddressInfo).port

describe.each(edges)('with an edge %s', (_, haproxy) => {
  let home: string
  let entry: number
  let edge: RunningEdge
  let store: Store
  let clock: ManualClock
  let painter: Painter
  let upstreams: Server[]
  const faults: unknown[] = []

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'plimsoll-traffic-'))
    upstreams = await Promise.all([upstream(), upstream()])
    const free = createPlain().listen(0, '127.0.0.1')
    await new Promise((resolve) => free.once('listening', resolve))
    entry = (free.address() as AddressInfo).port
    await new Promise((resolve) => free.close(resolve))
    await startTheEdge()
    store = await server.openStore()
    clock = manualClock()
    await store.apps.put({ name: app, root: '/srv/shop', place: 'process', blueprint: 'render.yaml', entries: {}, createdAt: iso() })
    await store.releases.create({ app, kind: 'release', state: 'live', startedAt: longAgo, endedAt: longAgo, source, steps })
    painter = newPainter()
  })
  afterEach(async () => {
    await painter.close()
    await edge.close()
    for (const each of upstreams) each.closeAllConnections()
    await Promise.all(upstreams.map((each) => new Promise((resolve) => each.close(resolve))))
    await rm(home, { recursive: true, force: true })
    expect(faults.splice(0)).toEqual([])
  })

  const iso = (): string => new Date(clock.now()).toISOString()
  const newPainter = (): Painter => createPainter({ services: { store, clock, edge: createEdge(edgePaths(home)) }, report: (error) => faults.push(error) })
  async function startTheEdge(): Promise<void> {
    edge = await startEdge({ home, stopGraceMs: 0, ...(haproxy !== undefined && { haproxy }) })
  }

  async function shift(live: 1 | 2): Promise<void> {
    const release = (number: 1 | 2) => ({ release: number, targets: { web: { kind: 'instances', unit: `shop-web-r${number}`, addresses: [{ host: '127.0.0.1', port: portOf(upstreams[number - 1] as Server) }] } }, deploymentIds: {} })
    const other = live === 1 ? 2 : 1
    await createEdge(edgePaths(home)).shift(trafficSchema.parse({
      app, fence: 1, entries: { web: { port: entry, hosts: [] } }, live: release(live), previous: [release(other)],
    }), never)
  }

  async function visits(count: number, path = '/'): Promise<void> {
    await Promise.all(Array.from({ length: count }, () => fetch(`http://127.0.0.1:${entry}${path}`, { headers: { connection: 'close' } }).then((answer) => answer.arrayBuffer(), () => undefined)))
  }

  /** Release 2; the first is past. */
  async function begin(): Promise<Release> {
    const release = await store.releases.create({ app, kind: 'release', state: 'releasing', startedAt: iso(), source, steps })
    await painter.refresh(app)
    return release
  }

  /** The events of a picture, one by one: a second goes by before each but the first. */
  function followed({ number }: Pick<Release, 'number'>) {
    const events = painter.painting(app, number)?.events(never)
    const next = async (): Promise<TrafficEvent> => {
      const told = await events?.next()
      if (told?.value === undefined) throw new Error('nothing more is told')
      return told.value
    }
    return {
      next,
      async second(): Promise<TrafficEvent> {
        while (clock.sleepers === 0) await new Promise((resolve) => setImmediate(resolve))
        const told = next()
        await clock.advance(1_000)
        return told
      },
      /** Lets time go by until the picture is at its end. */
      async toItsEnd(): Promise<TrafficPicture> {
        let over = false
        const end = (async () => {
          for (let told = await next(); ; told = await next()) if (told.event === 'end') return told.data
        })().finally(() => (over = true))
        while (!over) {
          await new Promise((resolve) => setImmediate(resolve))
          if (clock.sleepers > 0) await clock.advance(15_000)
        }
        return end
      },
    }
  }

  const firstReading = async (of: ReturnType<typeof followed>): Promise<void> => {
    for (let told = await of.next(); told.event === 'picture' && told.data.phases.length === 0;) told = await of.next()
  }
  const show = (number: Release['number']): Promise<TrafficPicture> => showTraffic({ services: { store }, painter }, app, number)

  async function underLease(work: (fence: number) => Promise<unknown>): Promise<void> {
    const lease = await store.leases.acquire(app, { holder: 'this test', waitMs: 0 }, never)
    await work(lease.fence)
    await lease.release()
  }

  const endRelease = ({ number }: Release): Promise<void> => underLease((fence) => store.releases.update({ app, number, fence }, { state: 'live', endedAt: iso(), outcome: { is: 'completed' } }))

  test('a known load gives the right series: requests, failures and times of each release, over the switch and an edge that dies', async () => {
    await shift(1)
    await visits(7)
    const release = await begin()
    const events = followed(release)
    await firstReading(events)
    await visits(30)
    expect(await events.second()).toMatchObject({ event: 'point', data: { point: { forMs: 1_000, releases: [{ release: 1, requests: 30, errors: 0, broken: 0 }] } } })
    await visits(10)
    await shift(2)
    await visits(18)
    await visits(2, '/slow')
    await events.second()
    await visits(5, '/fails')
    await visits(1, '/breaks')
    await events.second()
    await edge.close()
    await startTheEdge()
    await visits(4)
    await events.second()
    const { points, phases, restarts } = await show(release.number)
    expect(points.map(({ releases }) => releases.map(({ release: number, requests }) => [number, requests]))).toEqual([[[1, 30]], [[1, 10], [2, 20]], [[2, 6]], [[2, 4]]])
    expect(phases).toMatchObject([
      { live: 1, forMs: 1_000, releases: [{ release: 1, requests: 30, errors: 0, broken: 0 }] },
      { live: 2, forMs: 3_000, releases: [{ release: 1, requests: 10 }, { release: 2, requests: 30, errors: 6 }] },
    ])
    expect(phases[1]?.releases[1]?.broken).toBeGreaterThanOrEqual(1)
    // Of 30 answers two were slow, which is more than one in twenty; the seven before the first reading are nobody's.
    expect(phases[1]?.releases[1]?.p95Ms).toBeGreaterThanOrEqual(250)
    expect(phases[0]?.releases[0]?.p95Ms).toBeLessThan(250)
    expect(restarts).toHaveLength(1)
  })

  test('a picture goes on over a restart of Plimsoll, is written down at its end, and tells the switch by its journal', async () => {
    await shift(1)
    const release = await begin()
    await firstReading(followed(release))
    await visits(3)
    await shift(2)
    await visits(5)
    const events = followed(release)
    await events.next()
    await events.second()
    await painter.close()
    painter = newPainter()
    await visits(8)
    await clock.advance(20_000)
    await underLease((fence) => store.journalOf(app, release.number, fence).append(1, { is: 'done', step: 'shift-traffic', at: '2026-01-01T00:00:00.320Z', gives: {} }))
    await painter.refresh(app)
    const again = followed(release)
    await firstReading(again)
    await endRelease(release)
    await again.toItsEnd()
    const { painting, phases, points } = await show(release.number)
    expect(painting).toBe(false)
    expect(phases).toMatchObject([{ live: 1 }, { live: 2, from: '2026-01-01T00:00:00.320Z', releases: [{ release: 1, requests: 3 }, { release: 2, requests: 13 }] }])
    expect(points.filter(({ forMs }) => forMs >= 20_000).map(({ releases }) => releases)).toMatchObject([[{ release: 2, requests: 8 }]])
  })

  test('of a release that moves nothing, nothing is kept', async () => {
    await shift(1)
    const release = await begin()
    const events = followed(release)
    await firstReading(events)
    await visits(3)
    await events.second()
    await endRelease(release)
    await events.toItsEnd()
    expect(await show(release.number)).toEqual({ painting: false, points: [], phases: [], restarts: [] })
    await expect(showTraffic({ services: { store }, painter }, app, 99 as Release['number'])).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
