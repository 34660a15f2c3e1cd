import { expect, test } from 'vitest'
import { memoryGrowth, type MemoryPoint } from './memory-growth.ts'

const points = (start: number, perRequest: number): MemoryPoint[] => [1, 2, 3, 4, 5, 6].map((at) => ({ requests: at * 2_000, bytes: start + at * 2_000 * perRequest }))

test('memory that grows with every round, and far more than that of what is live, is gross', () => {
  expect(memoryGrowth(points(5e7, 10_000), points(5e7, 0))).toMatchObject({ is: 'gross', perRequest: 10_000 })
  expect(memoryGrowth(points(5e7, 10_000), points(5e7, 9_000))).toMatchObject({ is: 'steady' })
  expect(memoryGrowth(points(5e7, 5_000), points(5e7, 0))).toMatchObject({ is: 'growing' })
})

test('memory that falls in between is a heap at work, and no leak', () => {
  expect(memoryGrowth([1, 2, 9, 4, 20].map((at, index) => ({ requests: index * 1_000, bytes: at * 1e7 })))).toMatchObject({ is: 'steady' })
})
