import { expect, test } from 'vitest'
import { readRateLimit } from './rate-limit-headers.ts'

const now = Date.parse('2026-11-27T12:00:00Z')
const read = (headers: Record<string, string>) => readRateLimit(new Headers(headers), now)

test.each([
  ['42', 42_000],
  ['2144', 2_144_000],
  ['0', 0],
  [String(now / 1000 + 42), 42_000],
  [String(now / 1000 - 5), 0],
])('Reset %s is %i ms from now', (reset, ms) => {
  expect(read({ 'ratelimit-limit': '400', 'ratelimit-remaining': '7', 'ratelimit-reset': reset })).toEqual({ limit: 400, remaining: 7, resetMs: ms })
})

test('a moment is taken by the clock of whoever answered', () => {
  const date = new Date(now + 3_600_000).toUTCString()
  expect(read({ date, 'ratelimit-reset': String(now / 1000 + 3_600 + 42) }).resetMs).toBe(42_000)
  expect(read({ date, 'retry-after': new Date(now + 3_642_000).toUTCString() }).retryAfterMs).toBe(42_000)
})

test('Retry-After is seconds or a date', () => {
  expect(read({ 'retry-after': '7' })).toEqual({ retryAfterMs: 7_000 })
  expect(read({ 'retry-after': new Date(now + 7_000).toUTCString() })).toEqual({ retryAfterMs: 7_000 })
})

test('what is not understood is not there', () => {
  expect(read({ 'ratelimit-remaining': 'many', 'ratelimit-reset': '-1', 'retry-after': 'soon' })).toEqual({})
})
