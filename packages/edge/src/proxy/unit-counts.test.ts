import { expect, test } from 'vitest'
import { UnitCounts } from './unit-counts.ts'

test('puts every time into the bucket whose bound it does not exceed', () => {
  for (const ms of [0, 0.4, 1, 1.01, 1.34, 9.99, 10, 99, 133, 1000, 1001, 59_000]) {
    const counts = new UnitCounts()
    counts.observe(ms)
    const { bucketsMs, counts: hits } = counts.read(0).latency
    const at = hits.indexOf(1)
    expect([ms <= (bucketsMs[at] ?? Infinity), at === 0 || ms > (bucketsMs[at - 1] ?? 0)], `${ms} in bucket ${at}`).toEqual([true, true])
  }
})

test('has an open bucket for what takes longer than all bounds', () => {
  const counts = new UnitCounts()
  counts.observe(600_000)
  expect(counts.read(0).latency.counts.at(-1)).toBe(1)
})

test('remembers the last paths that failed, each once and without its query', () => {
  const counts = new UnitCounts()
  for (const url of ['/a?token=1', '/b', '/c', '/a?token=2', '/d', '/e', '/f', `/${'x'.repeat(300)}`]) counts.failedAt(url)
  expect(counts.read(0).failedPaths).toEqual(['/c', '/a', '/d', '/e', '/f'])
})
