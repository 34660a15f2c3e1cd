import { expect, test } from 'vitest'
import { limitConcurrency } from './limit-concurrency.ts'

const never = new AbortController().signal

test('runs no more at once than it may, the heaviest of those that wait first', async () => {
  const limited = limitConcurrency(2)
  const order: string[] = []
  let running = 0
  let most = 0
  const work = (name: string) => async () => {
    order.push(name)
    most = Math.max(most, ++running)
    await new Promise((resolve) => setImmediate(resolve))
    running -= 1
    return name
  }
  const all = [limited(work('a'), never), limited(work('b'), never), limited(work('c'), never), limited(work('heavy'), never, 1)]
  expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'heavy'])
  expect(order).toEqual(['heavy', 'a', 'b', 'c'])
  expect(most).toBe(2)
})

test('goes on after failures, and after those who gave up waiting', async () => {
  const limited = limitConcurrency(1)
  const gate = Promise.withResolvers<void>()
  const leaving = new AbortController()
  const first = limited(() => gate.promise, never)
  const failing = limited(() => Promise.reject(new Error('broken')), never)
  const gone = limited(() => Promise.resolve('never runs'), leaving.signal)
  const last = limited(() => Promise.resolve('last'), never)
  leaving.abort(new Error('gone'))
  await expect(gone).rejects.toThrow('gone')
  gate.resolve()
  await first
  await expect(failing).rejects.toThrow('broken')
  expect(await last).toBe('last')
})
