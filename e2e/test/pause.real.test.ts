import { afterAll, beforeAll, expect, test } from 'vitest'
import { contract } from '@plimsoll/model'
import type { LoadRecord } from '../src/load/load-record.ts'
import type { ArrivalKind, Mix } from '../src/load/mix.ts'
import { startLoad } from '../src/load/start-load.ts'
import { wallNow } from '../src/load/load-record.ts'
import { createFixtureRepo, shopBlueprint, type FixtureRepo } from '../src/plimsoll/fixture-repo.ts'
import { createPlimsollHome, type CommandEnd, type PlimsollHome } from '../src/plimsoll/plimsoll-home.ts'
import { shopTarget } from '../src/shop/shop-target.ts'

const nothing: Readonly<Record<ArrivalKind, number>> = { fresh: 0, kept: 0, slow: 0, upload: 0, download: 0, events: 0, socket: 0, write: 0, page: 0, action: 0 }
const mix: Mix = { ...nothing, fresh: 2, kept: 2, write: 1, socket: 0.2 }

let plimsoll: PlimsollHome
let repo: FixtureRepo

beforeAll(async () => {
  plimsoll = await createPlimsollHome()
  repo = await createFixtureRepo({ directory: `${plimsoll.home}/repos/shop`, blueprint: blueprintWith('true') })
  const end = await plimsoll.run(['up', '--json'], { cwd: repo.directory })
  expect(end.code, end.out + end.err).toBe(0)
}, 120_000)
afterAll(async () => {
  expect(await plimsoll.leave()).toEqual([])
}, 60_000)

function blueprintWith(migration: string): string {
  return shopBlueprint({ environment: { SHOP_DATA: `${plimsoll.home}/shop-data` } }).replace('    healthCheckPath', `    preDeployCommand: ${JSON.stringify(migration)}\n    healthCheckPath`)
}

/** Releases with a pause under load, and gives all that arrived meanwhile. */
async function releasePaused(migration: string): Promise<{ readonly end: CommandEnd; readonly records: readonly LoadRecord[] }> {
  await repo.write('render.yaml', blueprintWith(migration))
  await repo.change(migration)
  const view = await (await plimsoll.client()).call(contract.showApp, { params: { app: 'shop' } })
  const load = startLoad({ target: shopTarget(Number(new URL(view.services[0]?.url ?? '').port)), ratePerSecond: 60, mix, seed: 8, longestMs: 120_000 })
  try {
    const end = await plimsoll.run(['release', '--pause', '--json'], { cwd: repo.directory })
    return { end, records: (await load.finish()).records }
  } finally {
    await load.finish()
  }
}

/** When a step began and ended, on the load's clock. */
function timesOf({ events }: CommandEnd, step: string): { readonly from: number; readonly to: number } {
  const apart = wallNow() - Date.now()
  const at = (is: string): number => {
    const found = events.find((event) => event.event === 'entry' && event.data.step === step && event.data.is === is)
    return found?.event === 'entry' ? Date.parse(found.data.at) + apart : Number.NaN
  }
  return { from: at('started'), to: Math.max(...['done', 'failed'].map(at).filter((time) => !Number.isNaN(time))) }
}

test('a release with a pause answers nobody while it migrates, and loses nobody', { timeout: 120_000 }, async () => {
  const { end, records } = await releasePaused('sleep 1')
  expect(end.release, end.out.slice(-3000) + end.err).toMatchObject({ state: 'live', paused: true })
  const { from, to } = timesOf(end, 'migrate')
  expect(records.filter(({ failure }) => failure !== undefined)).toEqual([])
  const heads = records.flatMap(({ hops }) => hops.flatMap(({ headAt }) => headAt ?? []))
  expect(heads.filter((at) => at > from && at < to)).toEqual([])
  const waited = records.filter(({ startedAt }) => startedAt > from && startedAt < to)
  expect(waited.length).toBeGreaterThan(10)
  expect(new Set(waited.map(({ hops }) => hops[0]?.servedBy?.split('-r')[1]?.split('-')[0]))).toEqual(new Set([String(end.release?.number)]))
})

test('whose migration fails serves those who waited by what was live before', { timeout: 120_000 }, async () => {
  const { end, records } = await releasePaused('sleep 0.5; exit 4')
  expect(end.code, end.out.slice(-3000) + end.err).toBe(32)
  expect(records.filter(({ failure }) => failure !== undefined)).toEqual([])
  expect((await (await plimsoll.client()).call(contract.showApp, { params: { app: 'shop' } })).holds).toEqual({})
})
