import { appNameSchema, contract } from '@plimsoll/model'
import { withTestServer } from '@plimsoll/store/test-server'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { blueprintOf, startApiUnderTest, type ApiUnderTest } from './api-under-test.ts'

const server = withTestServer({ beforeAll, afterAll })
const shop = appNameSchema.parse('shop')
const heartbeatMs = 15_000
let api: ApiUnderTest

beforeEach(async () => {
  api = await startApiUnderTest(await server.openStore())
})
afterEach(async () => {
  vi.useRealTimers()
  await api.close()
})

test('what streams ends for somebody who was removed, and goes on for others', async () => {
  await api.write(blueprintOf('1'))
  const { number } = await api.client.call(contract.startRelease, { params: { app: shop }, body: { source: { root: api.root, blueprint: 'render.yaml' } } })
  for await (const _event of api.client.stream(contract.watchRelease, { params: { app: shop, release: number } }));
  const join = async (name: string) => {
    const { code } = await api.client.call(contract.inviteUser, { body: { name, grants: [{ app: shop, role: 'viewer' }] } })
    return api.client.call(contract.join, { body: { code, password: 'a long enough password' } })
  }
  const [ada, bo] = [await join('Ada'), await join('Bo')]
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const follow = async (token: string) => {
    const answer = await fetch(`${api.url}/v1/apps/shop/logs?follow=true`, { headers: { authorization: `Bearer ${token}` } })
    expect(answer.status).toBe(200)
    const reader = answer.body?.getReader() ?? expect.unreachable('it has a body')
    await reader.read()
    return reader
  }
  const [adas, bos] = [await follow(ada.token), await follow(bo.token)]
  await vi.advanceTimersByTimeAsync(heartbeatMs)
  expect(new TextDecoder().decode((await adas.read()).value)).toContain(':')
  await api.client.call(contract.removeUser, { params: { user: ada.who.id } })
  await vi.advanceTimersByTimeAsync(heartbeatMs)
  await expect(adas.read().then(async () => adas.read())).rejects.toThrow('terminated')
  expect(new TextDecoder().decode((await bos.read()).value)).toContain(':')
  await bos.cancel()
})
