import { manualClock } from '@plimsoll/engine/fakes'
import { expect, test } from 'vitest'
import { keepLean } from './keep-lean.ts'

test('memory is given back once for each time that work has ended, and never while something is under way', async () => {
  const clock = manualClock()
  const life = new AbortController()
  let idle = true
  let collected = 0
  const kept = keepLean({ clock, isIdle: () => idle, collect: () => { collected += 1 } }, life.signal)
  await clock.advance(20_000)
  expect(collected, 'after the start').toBe(1)
  idle = false
  await clock.advance(60_000)
  expect(collected, 'while it works').toBe(1)
  idle = true
  await clock.advance(60_000)
  expect(collected, 'after the work').toBe(2)
  idle = false
  await clock.advance(20_000)
  idle = true
  life.abort()
  await kept
  expect(collected, 'after its end').toBe(2)
})
