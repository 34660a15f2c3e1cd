import { expect, test } from 'vitest'
import { allSettled, inParallel } from './in-parallel.ts'

const never = { signal: new AbortController().signal }
const untilAborted = (signal: AbortSignal): Promise<void> => new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))

test('gives what each gave, in the order of the items', async () => {
  const first = Promise.withResolvers<void>()
  const given = await inParallel(never, [1, 2], async (item) => {
    if (item === 1) await first.promise
    else first.resolve()
    return item * 10
  })
  expect(given).toEqual([10, 20])
})

test('the first failure ends the others, and is thrown when none of them runs any more', async () => {
  let cleanedUp = false
  const work = inParallel(never, ['breaks', 'waits'], async (item, { signal }) => {
    if (item === 'breaks') throw new Error('broke')
    await untilAborted(signal)
    await new Promise((resolve) => setImmediate(resolve))
    cleanedUp = true
    throw new Error('ended by the other')
  })
  await expect(work).rejects.toThrow('broke')
  expect(cleanedUp).toBe(true)
})

test('the failure that came first is thrown, not that of the first item', async () => {
  const work = inParallel(never, ['waits', 'breaks'], async (item, { signal }) => {
    if (item === 'waits') await untilAborted(signal)
    throw new Error(item)
  })
  await expect(work).rejects.toThrow('breaks')
})

test('what is interrupted from outside ends them all', async () => {
  const stop = new AbortController()
  const work = inParallel({ signal: stop.signal }, [1, 2], async (_, { signal }) => {
    await untilAborted(signal)
    signal.throwIfAborted()
  })
  stop.abort(new Error('stopped by request'))
  await expect(work).rejects.toThrow('stopped by request')
})

test('a failure does not end work that is to be done in any case', async () => {
  const last = Promise.withResolvers<void>()
  let done = false
  const work = allSettled([Promise.reject(new Error('broke')), last.promise.then(() => (done = true))])
  setImmediate(() => last.resolve())
  await expect(work).rejects.toThrow('broke')
  expect(done).toBe(true)
})
