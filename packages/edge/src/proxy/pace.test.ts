import { expect, test } from 'vitest'
import { Pace } from './pace.ts'

const limits = { slowMs: 1_000, slowBytesPerSecond: 100 }

/** Looks every 500 ms; `bytes` and `drains` grow by this much each time. Tells at which look it was found too slow. */
function firstSlow(awaited: 'upload' | 'answer', step: { bytes: number; drains: number }): number | undefined {
  const pace = new Pace()
  for (let look = 0; look < 20; look += 1) {
    if (pace.isTooSlow({ awaited, bytes: look * step.bytes, drains: look * step.drains }, look * 500, limits)) return look
  }
  return undefined
}

test('an upload that keeps its pace is left alone, however long it takes', () => {
  expect(firstSlow('upload', { bytes: 50, drains: 0 })).toBeUndefined()
})

test('an upload that drips is too slow', () => {
  expect(firstSlow('upload', { bytes: 49, drains: 0 })).toBe(2)
})

test('an answer that is taken is left alone, one that nobody takes is not', () => {
  expect(firstSlow('answer', { bytes: 0, drains: 1 })).toBeUndefined()
  expect(firstSlow('answer', { bytes: 0, drains: 0 })).toBe(2)
})

test('a client that is not waited for has all the time', () => {
  const pace = new Pace()
  const idle = { awaited: undefined, bytes: 0, drains: 0 }
  const waiting = { awaited: 'upload', bytes: 0, drains: 0 } as const
  expect(pace.isTooSlow(waiting, 0, limits)).toBe(false)
  expect(pace.isTooSlow(idle, 900, limits)).toBe(false)
  expect(pace.isTooSlow(waiting, 1_500, limits)).toBe(false)
  expect(pace.isTooSlow(waiting, 2_500, limits)).toBe(true)
})
