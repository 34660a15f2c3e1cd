import { expect, test } from 'vitest'
import { durationIn, sharesIn } from './number-in.ts'

test.each([['0', 0], ['90s', 90_000], ['5m', 300_000], ['1h', 3_600_000], ['250ms', 250]])('%s is %i ms', (text, ms) => {
  expect(durationIn(text, '--watch')).toBe(ms)
})

test.each(['5', '5 minutes', '-1s', '', 'm'])('"%s" is no duration, for nobody knows of what', (text) => {
  expect(() => durationIn(text, '--watch')).toThrow(expect.objectContaining({ code: 'USAGE' }))
})

test.each([['5%', [0.05]], ['5', [0.05]], ['5%, 25%,50%', [0.05, 0.25, 0.5]], ['0.5%', [0.005]]])('%s are shares', (text, shares) => {
  expect(sharesIn(text)).toEqual(shares)
})

test.each(['', '0%', '100%', '50%,25%', '5%,5%', 'half', '5%,'])('"%s" are none: each must be larger than the one before, and below all', (text) => {
  expect(() => sharesIn(text)).toThrow(expect.objectContaining({ code: 'USAGE' }))
})
