import { expect, test } from 'vitest'
import { backOffMs, withJitterMs } from './back-off.ts'

const nearlyOne = () => 0.999_999

test('the bound of a wait doubles with every try, up to twenty seconds', () => {
  expect([0, 1, 2, 3, 4, 5, 6, 30].map((tries) => Math.ceil(backOffMs(tries, nearlyOne)))).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000])
})

test('a wait is anything up to its bound', () => {
  expect([0, 0.25, 0.5].map((value) => backOffMs(2, () => value))).toEqual([0, 500, 1_000])
})

test('a wait that is known is never shortened, and lengthened by a second at most', () => {
  expect([0, nearlyOne()].map((value) => Math.round(withJitterMs(1_000, () => value)))).toEqual([1_000, 1_100])
  expect(Math.round(withJitterMs(3_600_000, nearlyOne))).toBe(3_601_000)
})
