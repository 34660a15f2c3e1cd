import { releaseSchema, type Release } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { liveBefore } from './choose-way-back-in-place.ts'

const released = (number: number, more: object = {}): Release => releaseSchema.parse({
  app: 'shop', number, kind: 'release', state: 'retired', steps: [], startedAt: '2026-01-01T00:00:00.000Z', outcome: { is: 'completed' },
  source: { root: '/repo', blueprint: 'render.yaml', commit: 'a'.repeat(40), dirty: false }, ...more,
})
const wentBack = (number: number, backTo: number): Release => released(number, { kind: 'rollback', backTo, state: 'completed' })
const numbers = (...newestFirst: Release[]): number[] => liveBefore(newestFirst).map(({ number }) => number)

test('the release that was live before comes first, each once', () => {
  expect(numbers(released(3, { state: 'live' }), released(2), released(1))).toEqual([2, 1])
})

test('after going back it is the one that was gone back from', () => {
  expect(numbers(wentBack(4, 1), released(3), released(2), released(1, { state: 'live' }))).toEqual([3, 2])
  expect(numbers(wentBack(5, 3), wentBack(4, 1), released(3, { state: 'live' }), released(2), released(1))).toEqual([1, 2])
})

test('a release that was taken back, or changed nothing, was never live', () => {
  const problem = { code: 'BUILD_FAILED', message: 'It could not be built' }
  expect(numbers(released(4, { state: 'live' }), released(3, { state: 'undone', outcome: { is: 'undone', at: 'deploy', problem } }), released(2, { state: 'unchanged', outcome: { is: 'unchanged', at: 'survey' } }), released(1))).toEqual([1])
})
