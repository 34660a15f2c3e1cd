import type { Tally } from '@plimsoll/model'
import { z } from 'zod'
import type { UnitCounters } from '../edge.ts'
import { p95In } from '../watch/tally.ts'

/** How requests went, with their times by bucket: unlike percentiles, these can be added up. */
export const countsSchema = z.object({
  requests: z.number(),
  errors: z.number(),
  broken: z.number(),
  /** Index of the bucket → answers in it; empty buckets are left out. */
  times: z.record(z.string(), z.number()),
})
export type Counts = z.infer<typeof countsSchema>

export const noCounts: Counts = { requests: 0, errors: 0, broken: 0, times: {} }

export function countsOf({ requests, responses5xx, upstreamFailures, latency }: UnitCounters): Counts {
  const times = Object.fromEntries(latency.counts.flatMap((count, i) => (count === 0 ? [] : [[String(i), count]])))
  return { requests, errors: responses5xx, broken: upstreamFailures, times }
}

export function plus(one: Counts, other: Counts): Counts {
  return each(one, other, (a, b) => a + b)
}

/** What came to `earlier` until it was `later`. Undefined when anything fell: whoever counted began anew. */
export function since(earlier: Counts, later: Counts): Counts | undefined {
  const grown = each(later, earlier, (a, b) => a - b)
  const { requests, errors, broken, times } = grown
  return [requests, errors, broken, ...Object.values(times)].some((count) => count < 0) ? undefined : grown
}

export function tallyOf({ requests, errors, broken, times }: Counts, bucketsMs: readonly number[]): Tally {
  const counts = Array.from({ length: bucketsMs.length + 1 }, (_, i) => times[i] ?? 0)
  return { requests, errors, broken, p95Ms: bucketsMs.length === 0 ? null : p95In(bucketsMs, counts) }
}

function each(one: Counts, other: Counts, both: (a: number, b: number) => number): Counts {
  const buckets = new Set([...Object.keys(one.times), ...Object.keys(other.times)])
  const times = [...buckets].map((i) => [i, both(one.times[i] ?? 0, other.times[i] ?? 0)] as const).filter(([, count]) => count !== 0)
  return { requests: both(one.requests, other.requests), errors: both(one.errors, other.errors), broken: both(one.broken, other.broken), times: Object.fromEntries(times) }
}
