import { expect, test } from 'vitest'
import type { UnitCounters } from '../edge.ts'
import { nothing, tallyBetween } from './tally.ts'

const counters = (requests: number, counts: readonly number[], more: Partial<UnitCounters> = {}): UnitCounters => ({
  requests, responses5xx: 0, upstreamFailures: 0, inFlight: 0, latency: { bucketsMs: [10, 100, 1000], counts: [...counts] }, failedPaths: [], ...more,
})

test('counts what came between two readings', () => {
  const earlier = counters(100, [100, 0, 0, 0], { responses5xx: 3, upstreamFailures: 1 })
  const later = counters(140, [130, 10, 0, 0], { responses5xx: 5, upstreamFailures: 1 })
  expect(tallyBetween(earlier, later)).toEqual({ requests: 40, errors: 2, broken: 0, p95Ms: 100 })
})

test('reads 19 of 20 from the buckets, and takes the open one for twice the last', () => {
  const p95 = (...counts: number[]): number | null | undefined => tallyBetween(undefined, counters(100, counts))?.p95Ms
  expect([p95(95, 5, 0, 0), p95(94, 6, 0, 0), p95(0, 0, 0, 100), p95(0, 0, 0, 0)]).toEqual([10, 100, 2000, null])
})

test('is nothing where nobody came, and unknown where the counts have begun anew', () => {
  expect(tallyBetween(undefined, undefined)).toEqual(nothing)
  expect(tallyBetween(counters(10, [10, 0, 0, 0]), counters(3, [3, 0, 0, 0]))).toBeUndefined()
  expect(tallyBetween(counters(10, [10, 0, 0, 0]), undefined)).toBeUndefined()
})
