import { contract, type Digest, type Release } from '@plimsoll/model'
import { withTestServer } from '@plimsoll/store/test-server'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { tidy } from '../src/tidy.ts'
import { blueprintOf, startApiUnderTest, type ApiUnderTest } from './api-under-test.ts'

const server = withTestServer({ beforeAll, afterAll })
const params = { app: 'shop' }
const never = new AbortController().signal
let api: ApiUnderTest
/** What the checks of the next release wait for. */
let checked: Promise<void>

beforeEach(async () => {
  checked = Promise.resolve()
  api = await startApiUnderTest(await server.openStore(), { checks: [{ id: 'shop.waits', title: 'Waits', ask: async () => (await checked, []) }] })
})
afterEach(() => api.close())

async function begin(version: string): Promise<Release> {
  await api.write(blueprintOf(version))
  return api.client.call(contract.startRelease, { params, body: { source: { root: api.root, blueprint: 'render.yaml' } } })
}

async function settled({ number }: Release): Promise<void> {
  for await (const _ of api.client.stream(contract.watchRelease, { params: { ...params, release: String(number) } })) void _
}

async function releaseAll(...versions: string[]): Promise<void> {
  for (const version of versions) await settled(await begin(version))
}

async function digestsOf(...releases: number[]): Promise<Digest[]> {
  const details = await Promise.all(releases.map((release) => api.client.call(contract.showRelease, { params: { ...params, release: String(release) } })))
  return details.flatMap(({ artifacts }) => artifacts.map(({ digest }) => digest))
}

test('the last five releases that served keep their artifacts, and what serves, however old', async () => {
  await releaseAll('1', '2', '3', '4', '5', '6', '7')
  await tidy(api.services, never)
  expect(new Set(api.pruned.at(-1)?.keep)).toEqual(new Set(await digestsOf(3, 4, 5, 6, 7)))
  expect(api.pruned.at(-1)).toMatchObject({ maxBytes: 100, minFreeBytes: 1 })
  expect(api.edge.tidied).toEqual([{ maxBytes: 10, minFreeBytes: 1 }])
  await settled(await api.client.call(contract.rollBack, { params, body: { to: 1 } }))
  await tidy(api.services, never)
  expect(new Set(api.pruned.at(-1)?.keep)).toEqual(new Set(await digestsOf(1, 3, 4, 5, 6, 7)))
})

test('what was cut off is kept for no way back', async () => {
  await releaseAll('1', '2', '3')
  await api.client.call(contract.cutOff, { params, body: { upTo: 2 } })
  await tidy(api.services, never)
  expect(new Set(api.pruned.at(-1)?.keep)).toEqual(new Set(await digestsOf(3)))
})

test('what a release that is under way has used since it began is left to it', async () => {
  await releaseAll('1')
  const held = Promise.withResolvers<void>()
  checked = held.promise
  const release = await begin('2')
  await tidy(api.services, never)
  expect(api.pruned.at(-1)?.usedBefore).toBe(Date.parse(release.startedAt))
  held.resolve()
  await settled(release)
  await tidy(api.services, never)
  expect(api.pruned.at(-1)?.usedBefore).toBeGreaterThan(Date.parse(release.startedAt))
})

test('nothing goes while nobody knows what serves', async () => {
  await releaseAll('1')
  api.edge.failNext('live', new Error('away'))
  await expect(tidy(api.services, never)).rejects.toThrow('away')
  expect([api.pruned, api.edge.tidied]).toEqual([[], []])
})
