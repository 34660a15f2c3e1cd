import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStore } from '../src/store.ts'
import { testKeys, withTestServer } from '../src/test-server.ts'
import { app, beginRelease } from './begin-release.ts'

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
