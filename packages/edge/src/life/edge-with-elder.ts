import type { Counters, Edge, UnitCounters } from '@plimsoll/engine'
import { isDeepStrictEqual } from 'node:util'
import type { Elder } from './elder.ts'

/** The edge of this process, counting what is in flight in the process before it as its own. */
export function edgeWithElder(edge: Edge, elder: Elder | undefined): Edge {
  if (elder === undefined) return edge
  return {
    ...edge,
    async drain(request, signal) {
      const [mine, its] = await Promise.all([edge.drain(request, signal), elder.drain(request, signal)])
      return { waitedMs: Math.max(mine.waitedMs, its.waitedMs), cutRequests: mine.cutRequests + its.cutRequests, cutStreams: mine.cutStreams + its.cutStreams }
    },
    async quiesce(request, signal) {
      const [mine, its] = await Promise.all([edge.quiesce(request, signal), elder.quiesce(request)])
      return { waitedMs: Math.max(mine.waitedMs, its.waitedMs), leftRequests: mine.leftRequests + its.leftRequests }
    },
    async counters(app, signal) {
      return sumOf(await edge.counters(app, signal), await elder.counters(app))
    },
  }
}

function sumOf(mine: Counters, its: Counters): Counters {
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
