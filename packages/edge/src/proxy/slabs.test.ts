import { expect, test } from 'vitest'
import { withCopy } from './slabs.ts'

const bytes = Buffer.from('0123456789')

test('a copy stays as it is until it is given back, whatever is copied meanwhile', () => {
  const [first, giveFirst] = withCopy(bytes, { from: 2, to: 5 }, (copy, give) => [copy, give] as const)
  const [second, giveSecond] = withCopy(bytes, { from: 5, to: 9 }, (copy, give) => [copy, give] as const)
  expect([String(first), String(second)]).toEqual(['234', '5678'])
  giveFirst()
  const third = withCopy(bytes, { from: 0, to: 1 }, (copy) => copy)
  expect([String(second), String(third)]).toEqual(['5678', '0'])
  giveSecond()
})

test('what is larger than any read of an upstream is copied whole', () => {
  const large = Buffer.alloc(300_000, 'x')
  expect(withCopy(large, { from: 0, to: large.length }, (copy) => copy.equals(large))).toBe(true)
})
