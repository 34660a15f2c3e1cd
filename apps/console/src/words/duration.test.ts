import { expect, test } from 'vitest'
import { ageOf, durationOf, elapsedOf, exactly } from './duration.ts'

test.each([
  [0, '0 ms'], [80, '80 ms'], [999.6, '1.0 s'], [4_200, '4.2 s'], [9_960, '10 s'], [38_400, '38 s'], [59_600, '1 min'],
  [192_000, '3 min 12 s'], [3_600_000, '1 h'], [7_500_000, '2 h 5 min'], [273_600_000, '3 d 4 h'],
])('tells %i ms as %s', (ms, words) => {
  expect(durationOf(ms)).toBe(words)
})

test.each([[-5, '0 s'], [999, '0 s'], [41_900, '41 s'], [61_000, '1 min 1 s']])('ticks %i ms in whole seconds: %s', (ms, words) => {
  expect(elapsedOf(ms)).toBe(words)
})

test.each([[0, 'just now'], [-3000, 'just now'], [40, '40 s ago'], [720, '12 min ago'], [18_000, '5 h ago'], [90_000, 'yesterday'], [259_200, '3 days ago']])('calls an age of %i s %s', (seconds, words) => {
  const at = '2026-11-22T09:00:00.000Z'
  expect(ageOf(at, Date.parse(at) + seconds * 1000)).toBe(words)
})

test('tells the exact moment with its zone', () => {
  expect(exactly('2026-11-22T09:14:03.120Z')).toBe('2026-11-22 09:14:03 UTC')
})
