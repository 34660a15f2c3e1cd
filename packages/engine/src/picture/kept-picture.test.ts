import { trafficSchema, type Traffic } from '@plimsoll/model'
import { expect, test } from 'vitest'
import type { Counters } from '../edge.ts'
import { blankPicture, hasMoved, mostPoints, withReading, type KeptPicture } from './kept-picture.ts'
import { newestPoint, shownPicture } from './shown-picture.ts'

const bucketsMs = [10, 100, 1_000]

/** What an edge has counted of one unit: `times` are answers by bucket. */
function unit(times: readonly number[], bad: { readonly errors?: number; readonly broken?: number } = {}): Counters[string] {
  const requests = times.reduce((sum, count) => sum + count, 0)
  const counts = bucketsMs.concat(0).map((_, i) => times[i] ?? 0)
  return { requests, responses5xx: bad.errors ?? 0, upstreamFailures: bad.broken ?? 0, inFlight: 0, latency: { bucketsMs, counts }, failedPaths: [] }
}

function serving(live: number, canary?: { readonly release: number; readonly share: number }): Traffic {
  const release = (number: number) => ({ release: number, targets: {}, deploymentIds: {} })
  return trafficSchema.parse({ app: 'shop', fence: 1, entries: {}, live: release(live), previous: [], ...(canary && { canary: { release: release(canary.release), share: canary.share } }) })
}

interface Said {
  readonly at: number
  readonly live: number
  readonly canary?: { readonly release: number; readonly share: number }
  readonly counters: Counters
}

/** A picture of what the edge said, each a second on unless it says otherwise. */
function painted(all: readonly Said[]): KeptPicture {
  return all.reduce((picture, { at, live, canary, counters }) => withReading(picture, { at: at * 1_000, counters, traffic: serving(live, canary) }), blankPicture)
}

const show = (picture: KeptPicture) => shownPicture(picture, { painting: true })
const requestsIn = ({ points }: { readonly points: readonly { readonly releases: readonly { readonly requests: number }[] }[] }) => points.flatMap(({ releases }) => releases).reduce((sum, { requests }) => sum + requests, 0)

test('what each release was asked between two readings is told by release, of all its services', () => {
  const { points } = show(painted([
    { at: 0, live: 1, counters: { '1/web': unit([50]), '1/api': unit([10]) } },
    { at: 1, live: 1, counters: { '1/web': unit([53, 2], { errors: 1 }), '1/api': unit([14]) } },
    { at: 2, live: 1, counters: { '1/web': unit([53, 2], { errors: 1 }), '1/api': unit([14], { broken: 2 }) } },
  ]))
  expect(points).toMatchObject([
    { from: '1970-01-01T00:00:00.000Z', forMs: 1_000, releases: [{ release: 1, requests: 9, errors: 1, broken: 0, p95Ms: 100 }] },
    { releases: [{ release: 1, requests: 0, errors: 0, broken: 2, p95Ms: null }] },
  ])
})

test('an edge that begins to count anew gives what it has counted since, and never less than nothing', () => {
  const picture = show(painted([
    { at: 0, live: 1, counters: { '1/web': unit([500]) } },
    { at: 1, live: 1, counters: { '1/web': unit([510], { errors: 4 }) } },
    { at: 2, live: 1, counters: { '1/web': unit([7]) } },
    { at: 3, live: 1, counters: {} },
    { at: 4, live: 1, counters: { '1/web': unit([3]) } },
  ]))
  expect(picture.points.map(({ releases }) => releases.map(({ requests, errors }) => [requests, errors]))).toEqual([[[10, 4]], [[7, 0]], [], [[3, 0]]])
  expect(picture.restarts).toEqual(['1970-01-01T00:00:02.000Z', '1970-01-01T00:00:03.000Z'])
})

test('an edge that has counted more again than before is known by the times that fell', () => {
  const { points } = show(painted([{ at: 0, live: 1, counters: { '1/web': unit([0, 50]) } }, { at: 60, live: 1, counters: { '1/web': unit([80, 3]) } }]))
  expect(points).toMatchObject([{ forMs: 60_000, releases: [{ requests: 83 }] }])
})

test('the stretch in which all was switched belongs to the release that went live', () => {
  const { phases } = show(painted([
    { at: 0, live: 1, counters: { '1/web': unit([100]) } },
    { at: 1, live: 1, counters: { '1/web': unit([110]) } },
    { at: 2, live: 2, counters: { '1/web': unit([114]), '2/web': unit([0, 6], { errors: 6 }) } },
    { at: 3, live: 2, counters: { '1/web': unit([114]), '2/web': unit([0, 16], { errors: 6 }) } },
  ]))
  expect(phases).toMatchObject([
    { live: 1, forMs: 1_000, releases: [{ release: 1, requests: 10 }] },
    { live: 2, forMs: 2_000, releases: [{ release: 1, requests: 4 }, { release: 2, requests: 16, errors: 6, p95Ms: 100 }] },
  ])
})

test('a canary, each of its shares, the switch and going back begin a phase of their own', () => {
  const canary = (share: number) => ({ release: 2, share })
  const { phases } = show(painted([
    { at: 0, live: 1, counters: {} },
    { at: 1, live: 1, canary: canary(0.05), counters: {} },
    { at: 2, live: 1, canary: canary(0.25), counters: {} },
    { at: 3, live: 1, canary: canary(0.25), counters: {} },
    { at: 4, live: 2, counters: {} },
    { at: 5, live: 1, counters: {} },
  ]))
  expect(phases.map(({ live, canary: met }) => [live, met?.share ?? null])).toEqual([[1, null], [1, 0.05], [1, 0.25], [2, null], [1, null]])
})

test('the percentile of a phase is that of all its answers, and not one of its seconds', () => {
  // One slow second among twenty: 19 of 20 answers of the whole are fast, though no mean of the percentiles is.
  const counters = (second: number): Counters => ({ '1/web': unit(second <= 19 ? [second * 100] : [1_900, 0, 60]) })
  const { phases, points } = show(painted(Array.from({ length: 21 }, (_, second) => ({ at: second, live: 1, counters: counters(second) }))))
  expect(points.at(-1)?.releases[0]?.p95Ms).toBe(1_000)
  expect(phases[0]?.releases[0]).toMatchObject({ requests: 1_960, p95Ms: 10 })
})

test('before anything moves a minute is kept, and all of it from then on', () => {
  const second = (at: number, live: number): Said => ({ at, live, counters: { [`${live}/web`]: unit([at]) } })
  const waiting = Array.from({ length: 300 }, (_, at) => second(at, 1))
  const before = painted(waiting)
  expect(hasMoved(before)).toBe(false)
  expect(show(before).points).toHaveLength(60)
  expect(show(before).phases).toMatchObject([{ forMs: 60_000, releases: [{ requests: 60 }] }])
  const moved = show(painted([...waiting, ...Array.from({ length: 90 }, (_, i) => second(300 + i, 2))]))
  expect(moved.points).toHaveLength(150)
  expect(moved.phases.map(({ forMs }) => forMs)).toEqual([60_000, 90_000])
})

test('a picture of hours takes no more points than one of minutes, and loses no request and no phase by that', () => {
  const readings = 6 * 3_600 / 5
  const picture = painted(Array.from({ length: readings }, (_, i) => ({ at: i * 5, live: i < 20 ? 1 : 2, counters: { '1/web': unit([i]), '2/web': unit([i * 2]) } })))
  expect(picture.points.length).toBeLessThanOrEqual(mostPoints)
  const { points, phases } = show(picture)
  const all = phases.flatMap(({ releases }) => releases).reduce((sum, { requests }) => sum + requests, 0)
  expect(all).toBe(requestsIn({ points }))
  expect(all).toBe((readings - 8) * 3)
  expect(phases).toHaveLength(2)
  expect(points.some(({ from }) => from === phases[1]?.from)).toBe(true)
})

test('what happened while nobody looked is one long point', () => {
  const { points } = show(painted([{ at: 0, live: 1, counters: { '1/web': unit([10]) } }, { at: 1, live: 1, counters: { '1/web': unit([20]) } }, { at: 41, live: 1, counters: { '1/web': unit([420]) } }]))
  expect(points).toMatchObject([{ forMs: 1_000, releases: [{ requests: 10 }] }, { forMs: 40_000, releases: [{ requests: 400 }] }])
})

test('where nothing is live and nobody asks, there is nothing to see and nothing fails', () => {
  const nothing = [0, 1].reduce((picture, at) => withReading(picture, { at, counters: {}, traffic: undefined }), blankPicture)
  expect(show(nothing)).toMatchObject({ points: [{ releases: [] }], phases: [{ live: null, releases: [] }], restarts: [] })
})

test('times of an edge that sorts them differently are left out, and its requests are not', () => {
  const other = { ...unit([5]), latency: { bucketsMs: [1, 2], counts: [5, 0, 0] } }
  const { points } = show(painted([{ at: 0, live: 1, counters: { '1/web': unit([]) } }, { at: 1, live: 1, counters: { '1/web': other } }]))
  expect(points[0]?.releases[0]).toMatchObject({ requests: 5, p95Ms: null })
})

test('a reading that is not later than the last one changes nothing', () => {
  const picture = painted([{ at: 5, live: 1, counters: { '1/web': unit([1]) } }])
  expect(withReading(picture, { at: 4_000, counters: { '1/web': unit([9]) }, traffic: serving(1) })).toBe(picture)
})

test('the switch is told by the moment that is written down, where that is known', () => {
  const kept = painted([{ at: 0, live: 1, counters: {} }, { at: 1, live: 1, counters: {} }, { at: 2, live: 2, counters: {} }])
  const { phases } = shownPicture(kept, { painting: false, switched: { release: serving(2).live.release, at: '1970-01-01T00:00:01.730Z' } })
  expect(phases.map(({ from }) => from)).toEqual(['1970-01-01T00:00:00.000Z', '1970-01-01T00:00:01.730Z'])
})

test('what is told of one reading is its point, with the phases as they stand', () => {
  const kept = painted([{ at: 0, live: 1, counters: {} }, { at: 1, live: 1, counters: { '1/web': unit([4]) } }])
  expect(newestPoint(kept)).toMatchObject({ event: 'point', data: { point: { releases: [{ requests: 4 }] }, phases: [{ releases: [{ requests: 4 }] }] } })
  expect(newestPoint(blankPicture)).toBeUndefined()
})
