import { rm, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { contract, type AppView } from '@plimsoll/model'
import type { LoadRecord } from '../src/load/load-record.ts'
import type { ArrivalKind, Mix } from '../src/load/mix.ts'
import { pause } from '../src/load/pause.ts'
import { startLoad } from '../src/load/start-load.ts'
import { createFixtureRepo, shopBlueprint, type FixtureRepo } from '../src/plimsoll/fixture-repo.ts'
import { createPlimsollHome, type CommandEnd, type PlimsollHome } from '../src/plimsoll/plimsoll-home.ts'
import { shopTarget } from '../src/shop/shop-target.ts'

const nothing: Readonly<Record<ArrivalKind, number>> = { fresh: 0, kept: 0, slow: 0, upload: 0, download: 0, events: 0, socket: 0, write: 0, page: 0, action: 0 }
const quickOnly: Mix = { ...nothing, fresh: 1, kept: 3, write: 1 }
const ratePerSecond = 100

let plimsoll: PlimsollHome
let repo: FixtureRepo

beforeAll(async () => {
  plimsoll = await createPlimsollHome({ PLIMSOLL_WATCH_MS: '120000' })
  repo = await createFixtureRepo({ directory: `${plimsoll.home}/repos/shop`, blueprint: blueprintThat({}) })
  const end = await plimsoll.run(['up', '--json'], { cwd: repo.directory })
  expect(end.code, end.out + end.err).toBe(0)
}, 120_000)
afterAll(async () => {
  expect(await plimsoll.leave()).toEqual([])
}, 60_000)

function blueprintThat(fails: Readonly<Record<string, string>>): string {
  return shopBlueprint({ environment: { SHOP_DATA: `${plimsoll.home}/shop-data`, ...fails } })
}

async function release(fails: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<CommandEnd> {
  await repo.write('render.yaml', blueprintThat(fails))
  await repo.change(JSON.stringify({ fails, at: Date.now() }))
  return plimsoll.run(['release', '--stay', '--json', ...args], { cwd: repo.directory })
}

async function view(): Promise<AppView> {
  return (await plimsoll.client()).call(contract.showApp, { params: { app: 'shop' } })
}

/** Runs `work` under load, and gives it with everything that arrived. */
async function underLoad<T>(work: () => Promise<T>): Promise<{ readonly made: T; readonly records: readonly LoadRecord[] }> {
  const port = Number(new URL((await view()).services[0]?.url ?? '').port)
  const load = startLoad({ target: shopTarget(port), ratePerSecond, mix: quickOnly, seed: 5, longestMs: 120_000 })
  try {
    const made = await work()
    return { made, records: (await load.finish()).records }
  } finally {
    await load.finish()
  }
}

test('a release that fails a part of its requests goes back by itself within 5 s of the first, and nothing else is lost', { timeout: 120_000 }, async () => {
  const before = (await view()).live?.number
  const { made: end, records } = await underLoad(() => release({ SHOP_FAILS: '0.3' }))
  expect(end.release, end.out.slice(-3000) + end.err).toMatchObject({ outcome: { is: 'rolled-back' }, watch: { state: 'went-back' } })
  expect(end.code).toBe(50)
  expect(end.problem).toMatchObject({ code: 'ROLLED_BACK', message: expect.stringMatching(/web: \d+ of \d+ answers were 5xx/) as string })
  expect((await view()).live?.number).toBe(before)

  const bad = records.filter(({ failure }) => failure !== undefined)
  expect(bad.length).toBeGreaterThan(5)
  // What the bad release itself answered badly is all that went wrong.
  expect(bad.filter(({ failure, hops }) => failure?.is !== 'status' || hops[0]?.status !== 500 || hops[0].servedBy?.includes(`-r${end.release?.number}-`) !== true)).toEqual([])
  const times = bad.map(({ endedAt }) => endedAt)
  expect(Math.max(...times) - Math.min(...times)).toBeLessThan(5_000)
})

test('a release stays and needs attention when what fails would fail in the release before too', { timeout: 120_000 }, async () => {
  const before = (await view()).live?.number ?? 0
  const outage = `${plimsoll.home}/shop-data/outage`
  const { made: end } = await underLoad(async () => {
    const ending = release({ SHOP_FAILS: '0' }, '--watch', '4s')
    const client = await plimsoll.client()
    while ((await client.call(contract.showApp, { params: { app: 'shop' } })).live?.watch?.state !== 'watching') await pause(50)
    await writeFile(outage, '')
    return ending.finally(() => rm(outage))
  })
  expect(end.code, end.out.slice(-3000) + end.err).toBe(51)
  expect(end.release).toMatchObject({ state: 'live', watch: { state: 'needs-attention', problem: { code: 'NEEDS_ATTENTION', message: expect.stringContaining('does no better: GET /v1/products answers 500') as string } } })
  expect((await view()).live?.number).toBeGreaterThan(before)
})
