import { expect, test } from 'vitest'
import type { LoadRecord } from '../load/load-record.ts'
import { lossesBy, noticeMs, renderLosses } from './losses-by.ts'

const lost = (id: number, startedAt: number, endedAt: number): LoadRecord => ({ id, kind: 'kept', dueAt: startedAt, startedAt, endedAt, hops: [], failure: { is: 'reset', detail: 'gone' } })
const ids = (records: readonly LoadRecord[]): number[] => records.map(({ id }) => id)

test('what was under way or just sent when something was struck belongs to it, and nothing from before or later', () => {
  const records = [lost(1, 0, 90), lost(2, 50, 150), lost(3, 100 + noticeMs - 1, 9_000), lost(4, 100 + noticeMs, 9_000)]
  const losses = lossesBy([100], records)
  expect([ids(losses.struck), ids(losses.otherwise)]).toEqual([[2, 3], [1, 4]])
  expect(renderLosses(losses, 0)).toContain('else: 2 (2 reset)')
})

test('where nothing was struck no loss has an excuse', () => {
  const { failure: _, ...served } = lost(2, 50, 150)
  expect(ids(lossesBy([], [lost(1, 0, 90), served]).otherwise)).toEqual([1])
})
