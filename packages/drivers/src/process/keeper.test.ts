import { expect, it } from 'vitest'
import { backOffMs } from './keeper.ts'

it('waits longer after each failure in a row, and never longer than half a minute', () => {
  expect([1, 2, 3, 4, 5, 6, 60].map(backOffMs)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
})
