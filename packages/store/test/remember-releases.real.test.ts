import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStore } from '../src/store.ts'
import { testKeys, withTestServer } from '../src/test-server.ts'
import { app, at, beginRelease } from './begin-release.ts'

const server = withTestServer({ beforeAll, afterAll })

test('a release is read again only when its row was changed, by whomever, and is left out when it is gone', async () => {
  const connection = await server.freshDatabase()
  const [store, another] = [await openStore({ connection, keys: testKeys }), await openStore({ connection, keys: testKeys })]
  const { release, fence } = await beginRelease(store)
  const { release: second } = await beginRelease(store)
  const keys = [release, second].map(({ number }) => ({ app, release: number }))
  const read = async () => (await store.manyReleases.findAndLast(keys, [])).toSorted((one, other) => one.number - other.number)

  const [first, other] = await read()
  expect([first, other]).toEqual([release, second])
  const again = await read()
  expect(again[0]).toBe(first)
  expect(again[1]).toBe(other)

  const changed = await another.releases.update({ app, number: second.number, fence: fence + 1 }, { state: 'undone' })
  const after = await read()
  expect(after[0]).toBe(first)
  expect(after[1]).toEqual(changed)
  expect(after[1]).toMatchObject({ state: 'undone' })

  await another.apps.remove(app)
  expect(await read()).toEqual([])
  await Promise.all([store.close(), another.close()])
})

test('the history of an app is read again only when a release of it has ended or was changed, by whomever', async () => {
  const connection = await server.freshDatabase()
  const [store, another] = [await openStore({ connection, keys: testKeys }), await openStore({ connection, keys: testKeys })]
  const end = async (build: string) => {
    const { release: { number }, fence } = await beginRelease(another)
    const journal = another.journalOf(app, number, fence)
    await journal.append(1, { is: 'started', step: 'build', at })
    await journal.append(2, { is: 'done', step: 'build', at: build, gives: {} })
    await another.releases.update({ app, number, fence }, { state: 'live', endedAt: at, outcome: { is: 'completed' } })
    return number
  }
  expect(await store.historyOf(app, 500)).toEqual([])
  const number = await end('2026-11-22T10:00:03.000Z')
  const first = await store.historyOf(app, 500)
  expect(first.map(({ build }) => build?.ms)).toEqual([3_000])
  expect(await store.historyOf(app, 500)).toBe(first)
  // One that is under way has not ended.
  const { fence } = await beginRelease(another)
  expect(await store.historyOf(app, 500)).toBe(first)

  await another.releases.update({ app, number, fence }, { state: 'retired' })
  expect((await store.historyOf(app, 500)).map(({ release }) => release.state)).toEqual(['retired'])
  await end('2026-11-22T10:00:05.000Z')
  expect((await store.historyOf(app, 500)).map(({ build }) => build?.ms)).toEqual([5_000, 3_000])
  await Promise.all([store.close(), another.close()])
})
