import { appNameSchema, releaseNumberSchema, type Tally } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { fakeEdge } from '../fakes/fake-edge.ts'
import { manualClock } from '../fakes/manual-clock.ts'
import type { ProbeResult } from '../probe.ts'
import { Lookout, type Side, type Sight } from './lookout.ts'
import { whyNoHelp } from './would-help.ts'
import type { WatchedUnit } from './watched-unit.ts'

const app = appNameSchema.parse('shop')
const never = new AbortController().signal
const well: ProbeResult = { is: 'healthy', status: 200 }
const clean: Tally = { requests: 1000, errors: 0, broken: 0, p95Ms: 20 }

const unitOf = (service: string, release: number, more: Partial<WatchedUnit> = {}): WatchedUnit => ({
  service, unit: `shop-${service}-r${release}`, addresses: [{ host: '127.0.0.1', port: 1000 + release }], healthPath: '/healthz', pages: [], ...more,
})
const sideOf = (release: number, units: readonly WatchedUnit[]): Side => ({ release: releaseNumberSchema.parse(release), units })

/** A lookout on release 2; `answers` is what its and the other's instances say. */
function world(options: { readonly pages?: readonly string[]; readonly kept?: boolean; readonly answers?: (port: number, path: string) => ProbeResult } = {}) {
  const edge = fakeEdge()
  const clock = manualClock()
  const probe = { http: async ({ address, path }: { address: { port: number }; path: string }) => options.answers?.(address.port, path) ?? well, tcp: async () => well }
  const subject = sideOf(2, [unitOf('web', options.kept === true ? 1 : 2, { pages: options.pages ?? [] }), unitOf('api', 2)])
  const other = sideOf(1, [unitOf('web', 1), unitOf('api', 1)])
  const lookout = new Lookout({ app, subject, other, before: { web: clean, api: clean }, edge, probe, clock })
  /** A look every half second, with these requests before each. */
  async function looks(times: number, each: () => void = () => undefined): Promise<Sight[]> {
    const sights: Sight[] = []
    for (let i = 0; i < times; i += 1) {
      each()
      sights.push(await lookout.look(never))
      await clock.advance(500)
    }
    return sights
  }
  return { edge, looks, probe, subject, other }
}

test('finds a service that fails, and not the busy one beside it', async () => {
  const { edge, looks } = world()
  const sights = await looks(8, () => {
    edge.count(app, '2/web', { requests: 1000 })
    edge.count(app, '2/api', { requests: 10, responses5xx: 4 })
  })
  expect(sights.at(-1)?.breach).toMatchObject({ service: 'api', ailment: 'errors' })
  expect(sights.at(-1)?.look.services.map(({ service, is }) => [service, is])).toEqual([['web', 'well'], ['api', 'worse']])
})

test('acts within two seconds of the first bad answers, and not at the first look', async () => {
  const { edge, looks } = world()
  const sights = await looks(6, () => edge.count(app, '2/api', { requests: 25, responses5xx: 10 }))
  const first = sights.findIndex(({ breach }) => breach !== undefined)
  expect(first).toBeGreaterThan(1)
  expect(first).toBeLessThanOrEqual(4)
})

test('finds a service that fails although it is asked once in two seconds only', async () => {
  const { edge, looks } = world()
  let n = 0
  const sights = await looks(240, () => {
    n += 1
    if (n % 4 === 0) edge.count(app, '2/api', { requests: 1, responses5xx: n % 8 === 0 ? 1 : 0 })
  })
  const first = sights.findIndex(({ breach }) => breach !== undefined)
  expect(sights[first]?.breach).toMatchObject({ service: 'api', ailment: 'errors' })
})

test('counts what users got between the switch and the first look', async () => {
  const { edge, looks } = world()
  edge.count(app, '2/api', { requests: 100, responses5xx: 50 })
  expect((await looks(1)).at(0)?.look.services[1]).toMatchObject({ service: 'api', is: 'worse', now: { requests: 100, errors: 50 } })
})

test('does not act on bad answers of a moment that is over', async () => {
  const { edge, looks } = world()
  await looks(2, () => edge.count(app, '2/api', { requests: 25 }))
  edge.count(app, '2/api', { requests: 25, responses5xx: 20 })
  const sights = await looks(10, () => edge.count(app, '2/api', { requests: 25 }))
  expect(sights.filter(({ breach }) => breach !== undefined)).toEqual([])
})

test('acts on slow answers only when they have lasted for half a minute', async () => {
  const { edge, looks } = world()
  const slow = { bucketsMs: [10, 50, 100, 500, 1000, 5000], counts: [0, 0, 0, 0, 50, 0, 0] }
  const sights = await looks(70, () => edge.count(app, '2/web', { requests: 50, latency: slow }))
  const first = sights.findIndex(({ breach }) => breach !== undefined)
  expect(sights[first]?.breach).toMatchObject({ service: 'web', ailment: 'slow', p95Ms: 1000 })
  expect(first * 500).toBeGreaterThanOrEqual(30_000)
})

test('starts to count anew when the edge does', async () => {
  const { edge, looks } = world()
  await looks(4, () => edge.count(app, '2/web', { requests: 100 }))
  await edge.remove(app, 9, never)
  const sights = await looks(4, () => edge.count(app, '2/web', { requests: 30 }))
  expect(sights.flatMap(({ look }) => look.services.map(({ now }) => now.requests)).every((requests) => requests >= 0)).toBe(true)
  expect(sights.at(-1)?.look.services[0]).toMatchObject({ is: 'well' })
})

test('asks itself where users do not, and marks that as its own', async () => {
  const { looks } = world({ pages: ['/', '/about'], answers: (port, path) => (port === 1002 && path === '/about' ? { is: 'unhealthy', status: 500, body: '' } : well) })
  const sights = await looks(12)
  const first = sights.find(({ breach }) => breach !== undefined)
  expect(first?.breach).toMatchObject({ service: 'web', ailment: 'silent', finding: 'GET /about answers 500', paths: ['/about'] })
  expect(first?.look.services[0]).toMatchObject({ now: { requests: 0 }, is: 'worse', askedBadly: 3 })
})

test('takes a page that is gone for no fault, and one bad answer for none either', async () => {
  let asked = 0
  const { looks } = world({ pages: ['/p/7'], answers: (_, path) => (path === '/p/7' ? ((asked += 1) === 2 ? { is: 'unreachable', reason: 'reset' } : { is: 'unhealthy', status: 404, body: '' }) : well) })
  expect((await looks(20)).filter(({ breach }) => breach !== undefined)).toEqual([])
})

test('finds an instance that no longer answers its health path, however many users are served by others', async () => {
  const { edge, looks } = world({ answers: (port) => (port === 1002 ? { is: 'unreachable', reason: 'timeout' } : well) })
  const sights = await looks(8, () => edge.count(app, '2/api', { requests: 100 }))
  expect(sights.at(-1)?.breach).toMatchObject({ ailment: 'silent', finding: 'GET /healthz gets no answer (timeout)' })
})

test('compares no service that both releases share', async () => {
  const { edge, looks } = world({ kept: true })
  const sights = await looks(8, () => edge.count(app, '2/web', { requests: 50, responses5xx: 50 }))
  expect(sights.map(({ breach }) => breach)).toEqual(sights.map(() => undefined))
  expect(sights.at(-1)?.look.services[0]).toMatchObject({ service: 'web', is: 'kept' })
})

const breach = { service: 'api', ailment: 'errors', finding: '', paths: ['/v1/products'], p95Ms: undefined } as const
const failing: ProbeResult = { is: 'unhealthy', status: 500, body: '' }

test.each([
  ['fails here and not there', (port: number) => (port === 1002 ? failing : well), undefined],
  ['fails in both', (_: number, path: string) => (path === '/v1/products' ? failing : well), 'release 1 does no better: GET /v1/products answers 500'],
  ['answers here by now, and so shows nothing', (port: number, path: string) => (port === 1001 && path === '/v1/products' ? failing : well), undefined],
  ['cannot be asked there, because that one is not well', (port: number, path: string) => (port === 1001 && path === '/healthz' ? failing : well), 'release 1 does no better: GET /healthz answers 500'],
])('going back is judged by what failed: a path that %s', async (_, answers, why) => {
  const { probe, subject, other } = world({ answers })
  expect(await whyNoHelp(probe, { breach, subject, other }, never)).toBe(why)
})
