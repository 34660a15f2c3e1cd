import { fakeDriver, manualClock } from '@plimsoll/engine/fakes'
import { contract, PlimsollError } from '@plimsoll/model'
import { withTestServer } from '@plimsoll/store/test-server'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { blueprintOf, startApiUnderTest, type ApiUnderTest } from './api-under-test.ts'

const server = withTestServer({ beforeAll, afterAll })
const params = { app: 'shop' }
let api: ApiUnderTest

afterEach(() => api.close())

async function release(version: string): Promise<void> {
  await api.write(blueprintOf(version))
  const { number } = await api.client.call(contract.startRelease, { params, body: { source: { root: api.root, blueprint: 'render.yaml' } } })
  for await (const event of api.client.stream(contract.watchRelease, { params: { ...params, release: number } })) if (event.event === 'end') expect(event.data.state).toBe('live')
}

const list = () => api.client.call(contract.listInstances, { params })

test('every instance is told with what its release is to users and what it needs, a worker that a later release keeps as live', async () => {
  api = await startApiUnderTest(await server.openStore())
  await release('1')
  await release('2')
  const { instances, measured } = await list()
  expect(measured).toBe(true)
  expect(instances.map(({ unit: { service, release: number }, serves, state }) => [service, number, serves, state])).toEqual([
    ['mailer', 1, 'live', 'running'], ['web', 2, 'live', 'running'], ['web', 1, 'warm', 'running'],
  ])
  for (const { needs } of instances) expect(needs).toMatchObject({ cpu: 0.5, memoryBytes: expect.any(Number) as number })
})

test('an instance that does not run needs nothing, and a place that does not answer, or cannot measure, leaves only that out', async () => {
  const clock = manualClock({ auto: true })
  api = await startApiUnderTest(await server.openStore(), { clock, driver: fakeDriver({ clock, can: { measure: false } }) })
  await release('1')
  expect(await list()).toMatchObject({ measured: false, instances: [{ unit: { service: 'mailer' } }, { unit: { service: 'web' } }] })
  expect((await list()).instances.every(({ needs }) => needs === undefined)).toBe(true)
  api.driver.failNext('observe', new PlimsollError('ENGINE_DOWN', 'The engine does not answer'))
  expect(await list()).toMatchObject({ instances: [], placeProblem: { code: 'ENGINE_DOWN' } })
})

test('of an app that there is not, nothing is told', async () => {
  api = await startApiUnderTest(await server.openStore())
  await expect(list()).rejects.toMatchObject({ code: 'NOT_FOUND' })
})
