import { expect, test } from 'vitest'
import { mergeInOrder } from './merge-in-order.ts'

const numbers = { order: (one: number, other: number) => one - other, patience: () => new Promise((resolve) => setImmediate(resolve)) }

async function* of<T>(...items: T[]): AsyncGenerator<T> {
  yield* items
}

async function read<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

test('gives what is there as one sequence in order, and equals in the order of their sources', async () => {
  expect(await read(mergeInOrder([of(1, 4, 9), of<number>(), of(2, 3, 10)], numbers))).toEqual([1, 2, 3, 4, 9, 10])
  const byLength = { ...numbers, order: (one: string, other: string) => one.length - other.length }
  expect(await read(mergeInOrder([of('a', 'bb'), of('c', 'dd')], byLength))).toEqual(['a', 'c', 'bb', 'dd'])
})

test('does not wait for a quiet source, and gives what that gives later', async () => {
  const later = Promise.withResolvers<number>()
  async function* quiet(): AsyncGenerator<number> {
    yield await later.promise
  }
  const merged = mergeInOrder([quiet(), of(7, 8)], numbers)
  expect([(await merged.next()).value, (await merged.next()).value]).toEqual([7, 8])
  const last = merged.next()
  later.resolve(1)
  expect(await last).toEqual({ value: 1, done: false })
  expect((await merged.next()).done).toBe(true)
})

test('fails when a source fails, with what came before given', async () => {
  async function* broken(): AsyncGenerator<number> {
    yield 2
    throw new Error('gone')
  }
  const merged = mergeInOrder([broken(), of(1)], numbers)
  expect([(await merged.next()).value, (await merged.next()).value]).toEqual([1, 2])
  await expect(merged.next()).rejects.toThrow('gone')
})

test('ends every source when the reader stops', async () => {
  const ended: string[] = []
  async function* source(name: string): AsyncGenerator<number> {
    try {
      for (let at = 0; ; at += 1) yield at
    } finally {
      ended.push(name)
    }
  }
  for await (const item of mergeInOrder([source('one'), source('other')], numbers)) if (item > 3) break
  await new Promise((resolve) => setImmediate(resolve))
  expect(ended.toSorted()).toEqual(['one', 'other'])
})
