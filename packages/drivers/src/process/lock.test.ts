import { manualClock } from '@plimsoll/engine/fakes'
import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { withLock } from './lock.ts'

const never = new AbortController().signal

it('lets only one at a time work under a name, and gives the name back when the work throws', async () => {
  const lock = { name: randomUUID(), clock: manualClock({ auto: true }) }
  let inside = 0
  let most = 0
  const work = async () => {
    inside += 1
    most = Math.max(most, inside)
    await new Promise((resolve) => setImmediate(resolve))
    inside -= 1
    throw new Error('done')
  }
  await Promise.allSettled(Array.from({ length: 5 }, () => withLock(lock, work, never)))
  expect(most).toBe(1)
  expect(await withLock(lock, async () => 'free', never)).toBe('free')
})

it('stops to wait when it is not wanted any more', async () => {
  const lock = { name: randomUUID(), clock: manualClock({ auto: true }) }
  const cut = new AbortController()
  await withLock(lock, async () => {
    const second = withLock(lock, async () => 'never', cut.signal)
    cut.abort(new Error('enough'))
    await expect(second).rejects.toThrow('enough')
  }, never)
})
