import { expect, test } from 'vitest'
import { forgetOldest } from './forget-oldest.ts'

test('what was put in first goes, and no more than has to', () => {
  const known = new Map(['a', 'b', 'c', 'd'].map((key): [string, string] => [key, key]))
  forgetOldest(known, 4)
  expect([...known.keys()]).toEqual(['a', 'b', 'c', 'd'])
  forgetOldest(known, 2)
  expect([...known.keys()]).toEqual(['c', 'd'])
  forgetOldest(known, 0)
  expect(known.size).toBe(0)
})
