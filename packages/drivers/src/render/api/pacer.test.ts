import { expect, test } from 'vitest'
import type { Allowance } from './allowance.ts'
import { createPacer } from './pacer.ts'

const allowance: Allowance = { name: 'writes', limit: 3, windowMs: 60_000 }

function standing() {
  let now = 1_000_000
  const pacer = createPacer({ now: () => now })
  /** What each of several claims is answered. */
  const claims = (count: number) => Array.from({ length: count }, () => pacer.claim(allowance))
  return { pacer, claims, pass: (ms: number) => void (now += ms) }
}

test('while no answer says anything, no more is sent than is documented, in any stretch of a window', () => {
  const { claims, pass } = standing()
  expect(claims(2)).toEqual([0, 0])
  pass(50_000)
  expect(claims(2)).toEqual([0, 10_000])
  pass(10_000)
  expect(claims(3)).toEqual([0, 0, 50_000])
})

test('what an answer says counts for more than what is documented', () => {
  const { claims, pacer } = standing()
  claims(1)
  pacer.heard(allowance, { limit: 100, remaining: 99, resetMs: 30_000 })
  expect(claims(10)).toEqual(Array.from({ length: 10 }, () => 0))
})

test('nothing is sent once none are left, until the window begins anew', () => {
  const { claims, pacer, pass } = standing()
  claims(1)
  pacer.heard(allowance, { limit: 2, remaining: 0, resetMs: 42_000 })
  expect(claims(1)).toEqual([42_000])
  pass(42_000)
  expect(claims(3)).toEqual([0, 0, 60_000])
})

test('those that are under way are taken to be counted already', () => {
  const { claims, pacer } = standing()
  claims(3)
  pacer.heard(allowance, { limit: 10, remaining: 3, resetMs: 42_000 })
  expect(claims(2)).toEqual([0, 42_000])
})

test('a refusal stops all of its kind for as long as it says, and no others', () => {
  const { claims, pacer } = standing()
  claims(1)
  pacer.heard(allowance, { limit: 10, remaining: 5, resetMs: 1_000, retryAfterMs: 7_000 })
  expect(claims(1)).toEqual([7_000])
  expect(pacer.claim({ ...allowance, name: 'reads' })).toBe(0)
})

test('an answer that is lost takes nothing away from what is known', () => {
  const { claims, pacer } = standing()
  claims(1)
  pacer.heard(allowance, { limit: 10, remaining: 2, resetMs: 42_000 })
  claims(1)
  pacer.heard(allowance, {})
  expect(claims(2)).toEqual([0, 42_000])
})
