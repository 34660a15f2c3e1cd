import { appNameSchema, releaseSchema, type ReleasePage } from '@plimsoll/model'
import type { Client } from '@plimsoll/client'
import { expect, test } from 'vitest'
import { newestReleases } from './newest-releases.ts'

const shop = appNameSchema.parse('shop')

/** An API that has `count` releases, and how often it was asked. */
function releasesOf(count: number): { readonly client: Pick<Client, 'call'>; readonly asked: unknown[] } {
  const asked: unknown[] = []
  const call = async (_route: unknown, { query }: { readonly query: { readonly before?: number; readonly limit: number } }): Promise<ReleasePage> => {
    asked.push(query)
    const newest = Math.min(count, (query.before ?? Infinity) - 1)
    const numbers = Array.from({ length: Math.min(query.limit, newest) }, (_, index) => newest - index)
    const releases = numbers.map((number) => releaseSchema.parse({ app: shop, number, kind: 'release', state: 'retired', source: { root: '/', blueprint: 'render.yaml', dirty: false }, steps: [], startedAt: '2026-11-22T10:00:00.000Z' }))
    return { releases, next: newest > query.limit ? (numbers.at(-1) ?? null) : null }
  }
  return { client: { call: call as unknown as Client['call'] }, asked }
}

test('gives as many of the newest releases as are wanted, however many pages that takes', async () => {
  const { client, asked } = releasesOf(1_000)
  const numbers = (await newestReleases(client, shop, 250)).map(({ number }) => number)
  expect(numbers).toEqual(Array.from({ length: 250 }, (_, index) => 1_000 - index))
  expect(asked).toEqual([{ before: undefined, limit: 100 }, { before: 901, limit: 100 }, { before: 801, limit: 50 }])
})

test('gives all of them where there are fewer, and asks for nothing where none are wanted', async () => {
  const few = releasesOf(3)
  expect(await newestReleases(few.client, shop, 250)).toHaveLength(3)
  expect(few.asked).toHaveLength(1)
  const none = releasesOf(3)
  expect(await newestReleases(none.client, shop, 0)).toEqual([])
  expect(none.asked).toEqual([])
})
