import type { ReleaseNumber, Tally } from '@plimsoll/model'
import type { Counters, UnitCounters } from '../edge.ts'

/** What was counted for one service of one release; undefined when no request for it ever came. */
export function countersOf(counters: Counters, release: ReleaseNumber, service: string): UnitCounters | undefined {
  return counters[`${release}/${service}`]
}

/**
 * What happened between two readings of the same counts. Undefined when they fell meanwhile: the edge began anew, and what
 * was counted before is gone.
 */
export function tallyBetween(earlier: UnitCounters | undefined, later: UnitCounters | undefined): Tally | undefined {
  if (later === undefined) return earlier === undefined || earlier.requests === 0 ? nothing : undefined
  if (earlier !== undefined && later.requests < earlier.requests) return undefined
  const counts = later.latency.counts.map((count, i) => count - (earlier?.latency.counts[i] ?? 0))
  return {
    requests: later.requests - (earlier?.requests ?? 0),
    errors: later.responses5xx - (earlier?.responses5xx ?? 0),
    broken: later.upstreamFailures - (earlier?.upstreamFailures ?? 0),
    p95Ms: p95In(later.latency.bucketsMs, counts),
  }
}

export const nothing: Tally = { requests: 0, errors: 0, broken: 0, p95Ms: null }

/** The upper bound of the bucket in which the slowest of the fastest 19 of 20 lies. The open bucket counts as twice the last bound. */
export function p95In(bucketsMs: readonly number[], counts: readonly number[]): number | null {
  const all = counts.reduce((sum, count) => sum + count, 0)
  if (all === 0) return null
  let left = Math.ceil(all * 0.95)
  for (const [i, count] of counts.entries()) {
    left -= count
    if (left <= 0) return bucketsMs[i] ?? (bucketsMs.at(-1) ?? 0) * 2
  }
  return null
}
