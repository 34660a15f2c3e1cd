import { expect, test } from 'vitest'
import { type Held, whatToPrune } from './what-to-prune.ts'

/** `old:5 mid:5! new:5`: oldest first, size behind the colon, needed with an exclamation mark. */
const held = (text: string): Held[] => text.split(' ').filter(Boolean).map((word, usedAt) => {
  const [name = '', size = ''] = word.split(':')
  return { name, bytes: Number.parseInt(size), usedAt, needed: size.endsWith('!') }
})

interface Case {
  readonly maxBytes?: number
  readonly minFreeBytes?: number
  readonly free?: number
}

test.each<[string, string, Case, string[]]>([
  ['nothing is held', '', {}, []],
  ['all has room', 'old:5 mid:5 new:5', { maxBytes: 15 }, []],
  ['one byte is over the limit: the oldest goes', 'old:5 mid:5 new:5', { maxBytes: 14 }, ['old']],
  ['the oldest is not enough', 'old:5 mid:5 new:5', { maxBytes: 9 }, ['old', 'mid']],
  ['there is no room at all', 'old:5 mid:5 new:5', { maxBytes: 0 }, ['old', 'mid', 'new']],
  ['what is needed stays and counts', 'old:5! mid:5 new:5', { maxBytes: 10 }, ['mid']],
  ['what is needed has no room by itself', 'old:5! mid:5! new:5', { maxBytes: 4 }, ['new']],
  ['the disk has exactly what is to stay free', 'old:5 new:5', { minFreeBytes: 100, free: 100 }, []],
  ['the disk is short: as much goes as it is short of', 'old:5 mid:5 new:5', { minFreeBytes: 100, free: 94 }, ['old', 'mid']],
  ['the disk is short of more than there is', 'old:5 new:5!', { minFreeBytes: 100, free: 0 }, ['old']],
  ['both limits are passed: the tighter one counts', 'old:5 mid:5 new:5', { maxBytes: 14, minFreeBytes: 100, free: 94 }, ['old', 'mid']],
  ['what is empty goes only in its turn', 'old:0 mid:5 new:5', { maxBytes: 5 }, ['old', 'mid']],
])('%s', (...[, text, { maxBytes = 1000, minFreeBytes = 0, free = 1000 }, gone]) => {
  expect(whatToPrune(held(text), { maxBytes, minFreeBytes }, free)).toEqual(gone)
  expect(whatToPrune(held(text).toReversed(), { maxBytes, minFreeBytes }, free)).toEqual(gone)
})
