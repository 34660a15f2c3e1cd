import { appNameSchema, contract, isPlimsollError, releaseNumberSchema } from '@plimsoll/model'
import { withTestServer } from '@plimsoll/store/test-server'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { startApiUnderTest, type ApiUnderTest } from './api-under-test.ts'

const server = withTestServer({ beforeAll, afterAll })
const shop = appNameSchema.parse('shop')
const params = { app: shop }
const at = '2026-11-22T10:00:00.000Z'
let api: ApiUnderTest

beforeEach(async () => {
  const store = await server.openStore()
  await store.apps.put({ name: shop, root: '/srv/shop', place: 'process', blueprint: 'render.yaml', entries: {}, createdAt: at })
  api = await startApiUnderTest(store)
})
afterEach(() => api.close())

test('releases come page by page, each once, to the oldest', async () => {
  for (let count = 0; count < 7; count += 1) await api.store.releases.create({ app: shop, kind: 'release', state: 'retired', steps: [], startedAt: at, source: { root: '/srv/shop', blueprint: 'render.yaml', dirty: false } })
  const pages: number[][] = []
  let before: number | undefined
  do {
    const page = await api.client.call(contract.listReleases, { params, query: { limit: 3, before } })
    pages.push(page.releases.map(({ number }) => number))
    before = page.next ?? undefined
  } while (before !== undefined)
  expect(pages).toEqual([[7, 6, 5], [4, 3, 2], [releaseNumberSchema.parse(1)]])
})

test('a page that is too long, and one before nothing, are refused', async () => {
  for (const query of [{ limit: 101 }, { limit: 0 }, { before: 0 }]) await expect(api.client.call(contract.listReleases, { params, query }).catch((error: unknown) => isPlimsollError(error) && error.code)).resolves.toBe('USAGE')
})
