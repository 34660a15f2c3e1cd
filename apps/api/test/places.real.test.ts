import { contract, isPlimsollError, PlimsollError, type DriverName, type Release } from '@plimsoll/model'
import { withTestServer } from '@plimsoll/store/test-server'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { tidy } from '../src/tidy.ts'
import { blueprintOf, startApiUnderTest, type ApiUnderTest } from './api-under-test.ts'

const server = withTestServer({ beforeAll, afterAll })
const params = { app: 'shop' }
let api: ApiUnderTest

beforeEach(async () => {
  api = await startApiUnderTest(await server.openStore())
})
afterEach(() => api.close())

async function release(version: string, on?: DriverName): Promise<Release> {
  await api.write(blueprintOf(version))
  const body = { source: { root: api.root, blueprint: 'render.yaml' }, ...(on !== undefined && { on }) }
  const { number } = await api.client.call(contract.startRelease, { params, body })
  for await (const _ of api.client.stream(contract.watchRelease, { params: { ...params, release: number } })) void _
  return api.client.call(contract.showRelease, { params: { ...params, release: number } }).then((detail) => detail.release)
}

/** The releases of which something runs, as processes and elsewhere. */
async function running(): Promise<number[][]> {
  const all = [api.driver, api.elsewhere].map((driver) => driver.observe('shop' as never, new AbortController().signal))
  return (await Promise.all(all)).map((instances) => [...new Set(instances.map(({ unit }) => Number(unit.release)))])
}

async function codeOf(asked: Promise<unknown>): Promise<string> {
  const error: unknown = await asked.then(() => 'no error', (thrown: unknown) => thrown)
  return isPlimsollError(error) ? error.code : String(error)
}

test('an app lives where its first release says, and the next ones go there too', async () => {
  await release('1', 'docker')
  expect(await release('2')).toMatchObject({ state: 'live' })
  expect(await running()).toEqual([[], [1, 2]])
  expect(await api.client.call(contract.showApp, { params })).toMatchObject({ place: 'docker', live: { number: 2 } })
})

test('an app moves only when nothing of it is left where it was', async () => {
  await release('1', 'docker')
  expect(await codeOf(release('2', 'process'))).toBe('PLACE_CANNOT')
  expect(await running()).toEqual([[], [1]])
  await api.client.call(contract.takeDown, { params, body: { destroyData: false } })
  expect(await release('2', 'process')).toMatchObject({ state: 'live' })
  expect(await running()).toEqual([[2], []])
})

test('a place that does not answer is said of the apps that live there, and takes nothing from the others', async () => {
  await release('1', 'docker')
  const beside = { app: 'blog' }
  await api.write(blueprintOf('1'))
  const { number } = await api.client.call(contract.startRelease, { params: beside, body: { source: { root: api.root, blueprint: 'render.yaml' } } })
  for await (const _ of api.client.stream(contract.watchRelease, { params: { ...beside, release: number } })) void _
  api.elsewhere.failNext('observe', new PlimsollError('ENGINE_DOWN', 'No Docker engine answers', { hint: 'Start it' }))
  const [blog, shop] = await api.client.call(contract.listApps, {})
  expect(shop).toMatchObject({ name: 'shop', live: { number: 1 }, placeProblem: { code: 'ENGINE_DOWN', hint: 'Start it' }, services: [{ service: 'web', instances: [] }, {}] })
  expect(blog).toMatchObject({ name: 'blog', services: [{ service: 'web', instances: [{ state: 'running' }] }, {}] })
  expect(blog).not.toHaveProperty('placeProblem')
})

test('while a place does not answer nothing of it is tidied, and the rest is', async () => {
  await release('1', 'docker')
  api.elsewhere.failNext('observe', new PlimsollError('ENGINE_DOWN', 'No Docker engine answers'))
  const before = { here: api.pruned.length, there: api.prunedElsewhere.count }
  await expect(tidy(api.services, new AbortController().signal)).rejects.toMatchObject({ code: 'ENGINE_DOWN' })
  expect({ here: api.pruned.length, there: api.prunedElsewhere.count }).toEqual({ here: before.here + 1, there: before.there })
  await tidy(api.services, new AbortController().signal)
  expect(api.prunedElsewhere.count).toBe(before.there + 1)
})

test('what cannot be stopped, because its place does not answer, goes on serving', async () => {
  await release('1', 'docker')
  api.elsewhere.failNext('units', new PlimsollError('ENGINE_DOWN', 'No Docker engine answers'))
  expect(await codeOf(api.client.call(contract.takeDown, { params, body: { destroyData: false } }))).toBe('ENGINE_DOWN')
  expect(await api.client.call(contract.showApp, { params })).toMatchObject({ live: { number: 1, state: 'live' } })
  expect(await running()).toEqual([[], [1]])
})

test('a place that does not answer is said before anything is begun: no app lives there yet, and no number is taken', async () => {
  const away = new PlimsollError('ENGINE_DOWN', 'No Docker engine answers')
  api.elsewhere.failNext('observe', away)
  expect(await codeOf(release('1', 'docker'))).toBe('ENGINE_DOWN')
  expect(await codeOf(api.client.call(contract.showApp, { params }))).toBe('NOT_FOUND')
  expect(await release('1', 'process')).toMatchObject({ number: 1, state: 'live' })
  api.driver.failNext('observe', away)
  expect(await codeOf(release('2'))).toBe('ENGINE_DOWN')
  expect(await release('2')).toMatchObject({ number: 2, state: 'live' })
})

test('a place that this Plimsoll does not have is refused, and no app is made for it', async () => {
  expect(await codeOf(release('1', 'render'))).toBe('PLACE_CANNOT')
  expect(await codeOf(api.client.call(contract.showApp, { params }))).toBe('NOT_FOUND')
})
