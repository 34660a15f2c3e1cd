import { contract } from '@plimsoll/model'
import { withTestServer } from '@plimsoll/store/test-server'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { blueprintOf, startApiUnderTest, type ApiUnderTest } from './api-under-test.ts'

const server = withTestServer({ beforeAll, afterAll })
const params = { app: 'shop' }
let api: ApiUnderTest

beforeEach(async () => {
  api = await startApiUnderTest(await server.openStore())
})
afterEach(() => api.close())

async function release(version: string): Promise<void> {
  await api.write(blueprintOf(version))
  const { number } = await api.client.call(contract.startRelease, { params, body: { source: { root: api.root, blueprint: 'render.yaml' } } })
  for await (const event of api.client.stream(contract.watchRelease, { params: { ...params, release: number } })) if (event.event === 'end') expect(event.data.state).toBe('live')
}

test('how releases go is told by what was switched, built and lost in them', async () => {
  await release('1')
  await release('2')
  api.edge.drainsWith({ cutRequests: 2 })
  await release('3')
  const { releases, metrics, dora } = await api.client.call(contract.showSuccess, { params })
  expect(releases).toBe(3)
  expect(metrics.find(({ id }) => id === 'lost-requests')).toMatchObject({ value: '2 lost in 3 switches', holds: 'no' })
  expect(metrics.find(({ id }) => id === 'build-time')).toMatchObject({ value: expect.stringMatching(/of 3 builds$/), holds: 'yes' })
  expect(metrics.find(({ id }) => id === 'success-rate')).toMatchObject({ value: expect.stringMatching(/^3 of 3 releases/), holds: 'not known' })
  expect(metrics.find(({ id }) => id === 'coverage')).toMatchObject({ value: 'Not measured', holds: 'not known' })
  expect(dora.find(({ id }) => id === 'frequency')).toMatchObject({ value: '3 in the last 28 days' })
})

test('of an app that was never released nothing is told', async () => {
  await expect(api.client.call(contract.showSuccess, { params })).rejects.toMatchObject({ code: 'NOT_FOUND' })
})
