import { runningInstancesSchema, trafficPictureSchema, type RunningInstances, type TrafficPicture, type TrafficPoint } from '@plimsoll/model'
import { minutesAgo } from './storefront.ts'

/** A second of a small shop on a good day, and of one on a bad day, by a formula: the same each time. */
export function second(i: number, live: number, more: { readonly from?: number; readonly old?: number; readonly errors?: number; readonly slow?: number } = {}): TrafficPoint {
  const from = more.from ?? Date.parse(minutesAgo(6))
  const tally = (release: number, requests: number) => ({ release, requests, errors: 0, broken: 0, p95Ms: 42.17 })
  const releases = [{ ...tally(live, 34 + ((i * 7) % 11)), errors: more.errors ?? 0, p95Ms: more.slow ?? (i % 5 === 0 ? 56.23 : 42.17) }, ...(more.old === undefined ? [] : [tally(more.old, i % 3)])]
  return { from: new Date(from + i * 1_000).toISOString(), forMs: 1_000, releases: releases.filter(({ requests }) => requests > 0) } as TrafficPoint
}

/** `before` is live for a minute, then `number` for five. */
export function takenOver(number: number, before: number, { painting = false, seconds = 360, from = Date.parse(minutesAgo(6)), errors = 0 } = {}): TrafficPicture {
  const points = Array.from({ length: seconds }, (_, i) => second(i, i < 60 ? before : number, { from, ...(i >= 60 && i < 90 && { old: before }), ...(i === 64 && { errors }) }))
  const total = (release: number, of: readonly TrafficPoint[]) => {
    const own = of.flatMap(({ releases }) => releases).filter((tally) => tally.release === release)
    return { release, requests: own.reduce((sum, tally) => sum + tally.requests, 0), errors: own.reduce((sum, tally) => sum + tally.errors, 0), broken: 0, p95Ms: 42.17 }
  }
  const phase = (of: readonly TrafficPoint[], live: number, releases: number[]) => ({ from: of[0]?.from, forMs: of.length * 1_000, live, canary: null, releases: releases.map((release) => total(release, of)) })
  return trafficPictureSchema.parse({ painting, points, restarts: [], phases: [phase(points.slice(0, 60), before, [before]), ...(seconds > 60 ? [phase(points.slice(60), number, [before, number])] : [])] })
}

export function instances(live: number, warm: number): RunningInstances {
  const instance = (service: string, release: number, more: object = {}) => ({ id: `storefront-${service}-r${release}-0-4f2a`, unit: { name: `storefront-${service}-r${release}`, service, release }, state: 'running', pid: 4_000, restarts: 0, startedAt: minutesAgo(190), serves: 'live', needs: { cpu: 0.034, memoryBytes: 222_298_112, memoryLimitBytes: 536_870_912 }, ...more })
  return runningInstancesSchema.parse({
    at: minutesAgo(0), measured: true,
    instances: [
      instance('api', live), instance('web', live, { needs: { cpu: 1.2, memoryBytes: 301_989_888 } }), instance('worker', live, { restarts: 3, state: 'backing-off', needs: undefined, exit: { code: null, signal: 'SIGKILL', because: 'it needed more than its 512 MB of memory' } }),
      instance('web', warm, { serves: 'warm', needs: { cpu: 0, memoryBytes: 157_286_400 } }),
    ],
  })
}
