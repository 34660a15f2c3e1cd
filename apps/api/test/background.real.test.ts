import { contract, type AppName } from '@plimsoll/model'
import { withTestServer } from '@plimsoll/store/test-server'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createCronKeeper, runCronTick } from '../src/keep-crons.ts'
import { retireOverdue } from '../src/keep-warm.ts'
import { blueprintOf, startApiUnderTest, type ApiUnderTest } from './api-under-test.ts'

const server = withTestServer({ beforeAll, afterAll })
const shop = 'shop' as AppName
const never = new AbortController().signal
const tick = '2026-01-01T00:05:00.000Z'
const withCron = `${blueprintOf('1')}  - type: cron
    name: sweep
    runtime: node
    schedule: '*/5 * * * *'
    buildCommand: npm run build
    startCommand: node sweep.js
`
let api: ApiUnderTest

beforeEach(async () => { api = await startApiUnderTest(await server.openStore()) })
afterEach(() => api.close())

test('a cron tick runs the start command of the live release, once however often it is due', async () => {
  await release(withCron)
  await Promise.all([1, 2, 3].map(() => runCronTick(cronParts(), { app: shop, service: 'sweep', tick }, never)))
  expect(api.driver.ran.map(({ command }) => command)).toEqual(['node sweep.js'])
  expect(await api.store.cronRuns.list(shop, 10)).toMatchObject([{ tick, state: 'finished', exitCode: 0 }])
})

test('a cron tick that comes while an earlier one runs is left out', async () => {
  await release(withCron)
  await api.store.cronRuns.claim({ app: shop, service: 'sweep' as never, tick: '2026-01-01T00:00:00.000Z' }, tick)
  await runCronTick(cronParts(), { app: shop, service: 'sweep', tick }, never)
  expect(api.driver.ran).toEqual([])
})

test('an app that is down has nothing scheduled', async () => {
  await release(withCron)
  const crons = createCronKeeper(cronParts())
  await crons.refresh(shop)
  expect(crons.scheduled(shop)).toEqual(['sweep'])
  await api.client.call(contract.takeDown, { params: { app: shop }, body: { destroyData: false } })
  await crons.refresh(shop)
  expect(crons.scheduled(shop)).toEqual([])
  await crons.close()
})

test('a warm release is retired when its time is over, and not before', async () => {
  await release(blueprintOf('1'))
  await release(blueprintOf('2'))
  await retireOverdue({ services: api.services, runner: api.runner, warmMs: 60 * 60_000 }, shop, never)
  expect(await states()).toEqual([[2, 'live'], [1, 'previous']])
  await retireOverdue({ services: api.services, runner: api.runner, warmMs: 0 }, shop, never)
  expect(await states()).toEqual([[2, 'live'], [1, 'retired']])
  expect(await api.client.call(contract.showApp, { params: { app: shop } })).toMatchObject({ previous: [] })
})

function cronParts(): Parameters<typeof createCronKeeper>[0] {
  const { services, runner } = api
  return { services, contextFor: (app, number, signal) => runner.contextOf(app, number, signal), report: (error) => { throw error }, output: () => undefined }
}

async function release(blueprint: string): Promise<void> {
  await api.write(blueprint)
  const { number } = await api.client.call(contract.startRelease, { params: { app: shop }, body: { source: { root: api.root, blueprint: 'render.yaml' } } })
  for await (const event of api.client.stream(contract.watchRelease, { params: { app: shop, release: number } })) {
    if (event.event === 'end') expect(event.data.state).toBe('live')
  }
}

async function states(): Promise<unknown[]> {
  return (await api.client.call(contract.listReleases, { params: { app: shop } })).map(({ number, state }) => [number, state])
}
