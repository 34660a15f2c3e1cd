import { expect, test } from 'vitest'
import { previewEnd, previewSettingsSentence, previewSource } from './preview-words.ts'

const now = Date.parse('2026-11-27T12:00:00.000Z')

test('a preview says what it shows and when it ends', () => {
  expect([previewSource({ pull: 12, branch: null }), previewSource({ pull: null, branch: 'cart' })]).toEqual(['pull request 12', 'branch cart'])
  expect(previewEnd({ state: 'live', expiresAt: '2026-11-30T12:00:00.000Z' }, now)).toBe('ends in 3 d 0 h')
  expect(previewEnd({ state: 'live', expiresAt: '2026-11-27T11:00:00.000Z' }, now)).toBe('ends now')
  expect(previewEnd({ state: 'failed', expiresAt: null }, now)).toBe('is kept until it is ended')
  expect(previewEnd({ state: 'ending', expiresAt: null }, now)).toBe('is being removed')
})

test('that a copy holds the live data is said in words', () => {
  expect(previewSettingsSentence({ data: 'clone', secrets: [] })).toContain('everything personal that is in them')
  expect(previewSettingsSentence({ data: 'empty', secrets: ['web/KEY'] })).toContain('begin empty. Of the values that were set for the app come along: web/KEY.')
})
