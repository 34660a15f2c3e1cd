import type { Counters, UnitCounters } from '@plimsoll/engine'
import { isDeepStrictEqual } from 'node:util'

/** What two processes have counted, as if one had. */
export function sumOfCounters(mine: Counters, its: Counters): Counters {
  const units = new Set([...Object.keys(mine), ...Object.keys(its)])
  const pairs = [...units].map((unit): [string, UnitCounters | undefined] => [unit, sumOfUnit(mine[unit], its[unit])])
  return Object.fromEntries(pairs.filter((pair): pair is [string, UnitCounters] => pair[1] !== undefined))
}

function sumOfUnit(mine: UnitCounters | undefined, its: UnitCounters | undefined): UnitCounters | undefined {
  if (mine === undefined || its === undefined) return mine ?? its
  return {
    requests: mine.requests + its.requests,
    responses5xx: mine.responses5xx + its.responses5xx,
    upstreamFailures: mine.upstreamFailures + its.upstreamFailures,
    inFlight: mine.inFlight + its.inFlight,
    latency: sumOfLatencies(mine.latency, its.latency),
    failedPaths: [...new Set([...mine.failedPaths, ...its.failedPaths])],
  }
}

/** Another version may sort times differently: then its times are left out, and every other count stays right. */
function sumOfLatencies(mine: UnitCounters['latency'], its: UnitCounters['latency']): UnitCounters['latency'] {
  if (!isDeepStrictEqual(mine.bucketsMs, its.bucketsMs)) return mine
  return { bucketsMs: mine.bucketsMs, counts: mine.counts.map((count, at) => count + (its.counts[at] ?? 0)) }
}
