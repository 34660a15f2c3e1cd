import { releaseNumberSchema, type ReleaseNumber, type Traffic } from '@plimsoll/model'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { Counters } from '../edge.ts'
import { countsOf, countsSchema, noCounts, plus, since, type Counts } from './counts.ts'

/** Milliseconds since 1970. */
const instant = z.number()

const pointSchema = z.object({ from: instant, forMs: z.number(), releases: z.array(countsSchema.extend({ release: releaseNumberSchema })) })
export type KeptPoint = z.infer<typeof pointSchema>

const servingSchema = z.object({ live: releaseNumberSchema.nullable(), canary: z.object({ release: releaseNumberSchema, share: z.number() }).nullable() })

/** What users got while a Release took over, in the form in which it is painted on and written down: `last` is the reading that the next one is held against. */
export const keptPictureSchema = z.object({
  /** Upper bounds of the buckets of all times; those of an edge that sorts differently are left out. */
  bucketsMs: z.array(z.number()),
  /** How long a point is at least. */
  resolutionMs: z.number(),
  points: z.array(pointSchema),
  phases: z.array(servingSchema.extend({ from: instant })),
  restarts: z.array(instant),
  last: z.object({ at: instant, units: z.record(z.string(), countsSchema) }).nullable(),
})
export type KeptPicture = z.infer<typeof keptPictureSchema>

/** What the edge said at one moment. */
export interface Reading {
  readonly at: number
  readonly counters: Counters
  readonly traffic: Traffic | undefined
}

/** How much is kept of the time before anything moved. */
const beforeMs = 60_000
/** With more of them, every two become one: so a picture of a day takes no more room than one of six minutes. */
export const mostPoints = 400
const [mostPhases, mostRestarts] = [60, 20]

export const blankPicture: KeptPicture = { bucketsMs: [], resolutionMs: 1_000, points: [], phases: [], restarts: [], last: null }

/** Whether requests were sent elsewhere than at its beginning: before that there is nothing to keep. */
export function hasMoved({ phases }: KeptPicture): boolean {
  return phases.length > 1
}

/**
 * `picture` with what happened between its last reading and this one, however long that was. Counts that fell are those of an edge that
 * began anew: what it has counted since then is what is known. A reading that is not later than the last one changes nothing.
 */
export function withReading(picture: KeptPicture, { at, counters, traffic }: Reading): KeptPicture {
  const { last } = picture
  if (last !== null && at <= last.at) return picture
  const bucketsMs = picture.bucketsMs.length > 0 ? picture.bucketsMs : (Object.values(counters)[0]?.latency.bucketsMs ?? [])
  const units = Object.fromEntries(Object.entries(counters).map(([unit, each]) => [unit, countedBy(each, bucketsMs)]))
  const known = { ...picture, bucketsMs: [...bucketsMs], last: { at, units } }
  const serving = { live: traffic?.live.release ?? null, canary: traffic?.canary === undefined ? null : { release: traffic.canary.release.release, share: traffic.canary.share } }
  if (last === null) return { ...known, phases: [{ from: at, ...serving }] }
  const { releases, restarted } = between(last.units, units)
  // What a release was asked in the moment after the switch belongs to it, and so does the whole stretch in which the switch was.
  const phases = hasTurned(picture, serving) ? [...picture.phases, { from: last.at, ...serving }] : picture.phases
  const restarts = restarted && traffic !== undefined ? [...picture.restarts, at].slice(-mostRestarts) : picture.restarts
  return bounded(withPoint({ ...known, phases, restarts }, { from: last.at, forMs: at - last.at, releases }))
}

function countedBy(counters: Counters[string], bucketsMs: readonly number[]): Counts {
  const counts = countsOf(counters)
  return isDeepStrictEqual(counters.latency.bucketsMs, bucketsMs) ? counts : { ...counts, times: {} }
}

type Serving = z.infer<typeof servingSchema>

function hasTurned({ phases }: KeptPicture, { live, canary }: Serving): boolean {
  const now = phases.at(-1)
  return phases.length < mostPhases && (now?.live !== live || !isDeepStrictEqual(now.canary, canary))
}

type Units = Readonly<Record<string, Counts>>

function between(earlier: Units, later: Units): { readonly releases: KeptPoint['releases']; readonly restarted: boolean } {
  const grown = Object.entries(later).map(([unit, counts]) => ({ unit, counts, grown: since(earlier[unit] ?? noCounts, counts) }))
  const restarted = grown.some((each) => each.grown === undefined) || Object.entries(earlier).some(([unit, { requests }]) => requests > 0 && later[unit] === undefined)
  const byRelease = new Map<ReleaseNumber, Counts>()
  for (const each of grown) {
    const release = releaseNumberSchema.parse(Number(each.unit.split('/', 1)[0]))
    const counts = restarted ? each.counts : (each.grown ?? noCounts)
    byRelease.set(release, plus(byRelease.get(release) ?? noCounts, counts))
  }
  const releases = [...byRelease].map(([release, counts]) => ({ release, ...counts })).filter(({ requests, errors, broken }) => requests + errors + broken > 0)
  return { releases, restarted }
}

function withPoint(picture: KeptPicture, point: KeptPoint): KeptPicture {
  const { points, resolutionMs } = picture
  const last = points.at(-1)
  const isShort = last !== undefined && last.forMs < resolutionMs * 0.75 && !beginsPhase(picture, point)
  return { ...picture, points: isShort ? [...points.slice(0, -1), joined(last, point)] : [...points, point] }
}

function beginsPhase({ phases }: KeptPicture, { from }: KeptPoint): boolean {
  return phases.some((phase) => phase.from === from)
}

function joined(one: KeptPoint, next: KeptPoint): KeptPoint {
  const both = Map.groupBy([...one.releases, ...next.releases], ({ release }) => release)
  const releases = [...both].map(([release, counts]) => ({ release, ...counts.reduce<Counts>(plus, noCounts) }))
  return { from: one.from, forMs: next.from + next.forMs - one.from, releases }
}

function bounded(picture: KeptPicture): KeptPicture {
  let kept = hasMoved(picture) ? picture : lately(picture)
  while (kept.points.length > mostPoints) kept = coarser(kept)
  return kept
}

function lately(picture: KeptPicture): KeptPicture {
  const now = picture.last?.at ?? 0
  const points = picture.points.filter(({ from, forMs }) => from + forMs > now - beforeMs)
  const [first] = points
  return { ...picture, points, phases: picture.phases.map((phase) => (first === undefined ? phase : { ...phase, from: first.from })) }
}

/** Never joins what belongs to two phases. */
function coarser(picture: KeptPicture): KeptPicture {
  const resolutionMs = picture.resolutionMs * 2
  const points: KeptPoint[] = []
  for (const point of picture.points) {
    const last = points.at(-1)
    if (last !== undefined && last.forMs + point.forMs <= resolutionMs * 1.25 && !beginsPhase(picture, point)) points[points.length - 1] = joined(last, point)
    else points.push(point)
  }
  return { ...picture, resolutionMs, points }
}
