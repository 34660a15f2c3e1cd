import { mkdir, rm, writeFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { contract, type AppView } from '@plimsoll/model'
import type { LoadRecord } from '../src/load/load-record.ts'
import type { ArrivalKind, Mix } from '../src/load/mix.ts'
import { pause } from '../src/load/pause.ts'
import { startLoad } from '../src/load/start-load.ts'
import { sidesOf } from '../src/load/sides-of.ts'
import { startVisitors } from '../src/load/start-visitors.ts'
import { shopBlueprint, type FixtureRepo } from '../src/plimsoll/fixture-repo.ts'
import type { CommandEnd, PlimsollHome } from '../src/plimsoll/plimsoll-home.ts'
import { shopTarget } from '../src/shop/shop-target.ts'

/** A shop that serves. */
export interface Scene {
  readonly plimsoll: PlimsollHome
  readonly shop: FixtureRepo
}

const full = process.env['PLIMSOLL_E2E'] === 'full'
const none: Readonly<Record<ArrivalKind, number>> = { fresh: 0, kept: 0, slow: 0, upload: 0, download: 0, events: 0, socket: 0, write: 0, page: 0, action: 0 }
const quickOnly: Mix = { ...none, fresh: 1, kept: 3 }
const ratePerSecond = 100

/** What all releases of the shop share, as they would share a database. */
export function sharedData({ home }: PlimsollHome): string {
  return `${home}/shop-data`
}

/** Releases that pass every check and do badly with users. */
export function describeAfterTheSwitch(scene: () => Scene): void {
  async function release(fails: number, ...args: readonly string[]): Promise<CommandEnd> {
    const { plimsoll, shop } = scene()
    await shop.write('render.yaml', shopBlueprint({ environment: { SHOP_DATA: sharedData(plimsoll), SHOP_FAILS: String(fails) } }))
    await shop.change(`${fails} of the product lists fail, ${args.join(' ')}`)
    return plimsoll.run(['release', '--stay', '--json', ...args], { cwd: shop.directory })
  }

  async function view(): Promise<AppView> {
    return (await scene().plimsoll.client()).call(contract.showApp, { params: { app: 'shop' } })
  }

  async function origin(): Promise<URL> {
    return new URL(`http://127.0.0.1:${new URL((await view()).services[0]?.url ?? '').port}`)
  }

  /** Runs `work` under load, and gives it with everything that arrived. */
  async function underLoad(work: () => Promise<CommandEnd>): Promise<{ readonly end: CommandEnd; readonly records: readonly LoadRecord[] }> {
    const load = startLoad({ target: shopTarget(Number((await origin()).port)), ratePerSecond, mix: quickOnly, seed: 5, longestMs: 120_000 })
    try {
      const end = await work()
      return { end, records: (await load.finish()).records }
    } finally {
      await load.finish()
    }
  }

  describe('after the switch', () => {
    test('a release that fails a part of its requests goes back by itself within 5 s of the first, and nothing else is lost', { timeout: 120_000 }, async () => {
      const before = (await view()).live?.number
      const { end, records } = await underLoad(() => release(0.3, '--watch', '2m'))
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
      const data = sharedData(scene().plimsoll)
      await mkdir(data, { recursive: true })
      const { end } = await underLoad(async () => {
        const ending = release(0, '--watch', '3s')
        while ((await view()).live?.watch?.state !== 'watching') await pause(50)
        await writeFile(`${data}/outage`, '')
        return ending.finally(() => rm(`${data}/outage`))
      })
      expect(end.code, end.out.slice(-3000) + end.err).toBe(51)
      expect(end.release).toMatchObject({ state: 'live', watch: { state: 'needs-attention', problem: { code: 'NEEDS_ATTENTION', message: expect.stringContaining('does no better: GET /v1/products answers 500') as string } } })
      expect((await view()).live?.number).toBeGreaterThan(before)
    })

    test('visitors stay with the release that they met while a share of them tries a new one, which goes back when it does worse', { timeout: 120_000 }, async () => {
      const first = (await view()).live?.number ?? 0
      const visitors = startVisitors(await origin(), 24)
      const good = full ? await release(0, '--canary', '30%,60%', '--canary-for', '3s', '--watch', '0') : undefined
      const bad = await release(0.5, '--canary', '30%', '--canary-for', '1m')
      const visits = await visitors.finish()

      expect(good?.code ?? 0, `${good?.out.slice(-3000)}${good?.err}`).toBe(0)
      expect(bad.code, bad.out.slice(-3000) + bad.err).toBe(37)
      expect(bad.problem).toMatchObject({ code: 'CANARY_BREACHED', message: expect.stringMatching(/^With 30 % of the visitors, release \d+ did worse than release \d+\. web: /) as string })
      const [kept, worse] = [good?.release?.number ?? first, bad.release?.number ?? 0]
      expect(await view()).toMatchObject({ live: { number: kept }, canary: null })

      // Forward once, and to the bad one and back at most once: nobody goes to and fro.
      const seen = visits.map(sidesOf)
      const way = kept === first ? [first] : [first, kept]
      for (const sides of seen) expect([way, [...way, worse, kept]]).toContainEqual(sides)
      const met = seen.filter((sides) => sides.includes(worse)).length
      expect(met).toBeGreaterThan(0)
      expect(met).toBeLessThan(visits.length)
      const failed = visits.flatMap(({ hops }) => hops.filter(({ failure }) => failure !== undefined))
      expect(failed.filter(({ status, servedBy }) => status !== 500 || servedBy?.includes(`-r${worse}-`) !== true)).toEqual([])
    })
  })
}
