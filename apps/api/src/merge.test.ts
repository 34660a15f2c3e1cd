import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { merge } from './merge.ts'

async function* of<T>(...items: T[]): AsyncGenerator<T> {
  yield* items
}

test('gives every item of every source once', async () => {
  const items: number[] = []
  for await (const item of merge([of(1, 2, 3), of<number>(), of(4, 5)])) items.push(item)
  expect(items.toSorted()).toEqual([1, 2, 3, 4, 5])
})

test('gives an item when it comes, and does not wait for a quiet source', async () => {
  const quiet = Promise.withResolvers<void>()
  async function* silent(): AsyncGenerator<string> {
    await quiet.promise
    yield 'late'
  }
  const merged = merge([silent(), of('early')])
  expect((await merged.next()).value).toBe('early')
  quiet.resolve()
  expect((await merged.next()).value).toBe('late')
  expect((await merged.next()).done).toBe(true)
})

test('fails when a source fails', async () => {
  async function* broken(): AsyncGenerator<string> {
    yield 'one'
    throw new Error('gone')
  }
  const read = async (): Promise<void> => { for await (const item of merge([broken()])) void item }
  await expect(read()).rejects.toThrow('gone')
})

test('keeps nothing of the items of one source while another is quiet', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const quiet = Promise.withResolvers<number>()
  async function* silent(): AsyncGenerator<number> {
    yield await quiet.promise
  }
  async function* busy(): AsyncGenerator<number> {
    for (let item = 1; item <= 100_000; item += 1) yield item
  }
  collect()
  const before = process.memoryUsage().heapUsed
  let grownBy = Infinity
  for await (const item of merge([silent(), busy()])) {
    if (item < 100_000) continue
    collect()
    grownBy = process.memoryUsage().heapUsed - before
    break
  }
  quiet.resolve(0)
  expect(grownBy / 1e6).toBeLessThan(10)
})
