import { expect, test } from 'vitest'
import { sizeChangeOf } from './size.ts'

test('a change of size is told with its direction, and none where the rounded sizes are the same', () => {
  expect([sizeChangeOf(1_000_000, 3_500_000), sizeChangeOf(40_000, 38_000), sizeChangeOf(7, 7)]).toEqual(['2.5 MB more', '2 kB less', 'as large as before'])
})
