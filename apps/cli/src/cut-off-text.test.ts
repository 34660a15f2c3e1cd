import { appNameSchema, releaseNumberSchema } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { cutOffText } from './cut-off-text.ts'

test.each([
  [1, [], 'Release 1 of shop will not serve again; no tab was pinned to any of them.\n'],
  [4, [4], 'Release 4 and all before it of shop will not serve again; release 4 was still warm and has ended.\n'],
  [4, [4, 2], 'Release 4 and all before it of shop will not serve again; releases 2, 4 were still warm and have ended.\n'],
])('a cut-off up to release %i that ended %j says so', (cutOff, ended, text) => {
  const release = (number: number) => releaseNumberSchema.parse(number)
  expect(cutOffText({ app: appNameSchema.parse('shop'), cutOff: release(cutOff), ended: ended.map(release) })).toBe(text)
})
