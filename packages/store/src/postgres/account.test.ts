import { expect, test } from 'vitest'
import { may } from './account.ts'

const file = { mode: 0o640, uid: 1, gid: 2 }

test.each([
  ['its owner', { uid: 1, gid: 9 }, 6, true],
  ['its owner, to run', { uid: 1, gid: 9 }, 1, false],
  ['its group', { uid: 9, gid: 2 }, 4, true],
  ['its group, to write', { uid: 9, gid: 2 }, 2, false],
  ['anybody else', { uid: 9, gid: 9 }, 4, false],
])('answers for %s', (_who, account, bits, answer) => {
  expect(may(file, account, bits)).toBe(answer)
})
