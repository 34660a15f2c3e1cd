import type { CommitRange } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { composeCommits, reversed } from './compose-commits.ts'

const some = (ids: string, more = 0) => ({ commits: [...ids].map((id) => ({ id, author: 'Ada', subject: id, at: '2026-11-01T00:00:00.000Z' })), more })
const range = (added: string, dropped = '', more = 0): CommitRange => ({ is: 'known', added: some(added, more), dropped: some(dropped), isShallow: false, within: '' })
const told = (whole: CommitRange) => (whole.is === 'known' ? [whole.added.commits.map(({ id }) => id).join(''), whole.dropped.commits.map(({ id }) => id).join('')] : whole.why)

test('ranges that follow each other are one, the newest first', () => {
  expect(told(composeCommits([range('ba'), range('dc')]))).toEqual(['dcba', ''])
  expect(told(composeCommits([reversed(range('dc')), reversed(range('ba'))]))).toEqual(['', 'dcba'])
  expect(told(composeCommits([]))).toEqual(['', ''])
})

test('what came and went again is in neither list', () => {
  expect(told(composeCommits([range('ba'), range('c', 'b')]))).toEqual(['ca', ''])
  expect(told(composeCommits([reversed(range('ba')), range('cba')]))).toEqual(['c', ''])
})

test('seen from the other end, what was new is what goes', () => {
  expect(told(reversed(range('ba', 'z')))).toEqual(['z', 'ba'])
})

test('one that is not known makes the whole not known, and what is not named is counted on', () => {
  expect(told(composeCommits([range('a'), { is: 'not known', why: 'no history' }]))).toBe('no history')
  expect(composeCommits([range('a', '', 2), range('b', '', 3)])).toMatchObject({ added: { more: 5 } })
})
