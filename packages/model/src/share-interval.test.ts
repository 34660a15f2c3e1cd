import { expect, test } from 'vitest'
import { isShown, wilson } from './share-interval.ts'

// The exact binomial counts for 95 % confidence: misses → the fewest runs that show 99 %.
test.each([[0, 299], [1, 473], [2, 628], [3, 773]])('99 %% are shown with %s misses by %s runs, and not by one fewer', (misses, runs) => {
  expect([isShown(misses, runs, 0.99), isShown(misses, runs - 1, 0.99)]).toEqual([true, false])
})

test('nothing is shown by nothing', () => {
  expect(isShown(0, 0, 0.5)).toBe(false)
  expect(wilson(0, 0)).toEqual({ low: 0, high: 1 })
})
