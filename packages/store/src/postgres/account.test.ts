import { expect, test } from 'vitest'
import { may } from './account.ts'

const file = { mode: 0o640, uid: 1, gid: 2 }

test.each([
  { who: 'its owner', account: { uid: 1, gid: 9 }, bits: 6, answer: true },
  { who: 'its owner, to run it', account: { uid: 1, gid: 9 }, bits: 1, answer: false },
  { who: 'its group', account: { uid: 9, gid: 2 }, bits: 4, answer: true },
  { who: 'its group, to write', account: { uid: 9, gid: 2 }, bits: 2, answer: false },
  { who: 'anybody else', account: { uid: 9, gid: 9 }, bits: 4, answer: false },
])('answers for $who', ({ account, bits, answer }) => {
  expect(may(file, account, bits)).toBe(answer)
})
