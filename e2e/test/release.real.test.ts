import { afterEach, beforeEach, expect, test } from 'vitest'
import { contract } from '@plimsoll/model'
import { judge } from '../src/judge/judge.ts'
import { renderJudgement } from '../src/judge/render-judgement.ts'
import type { SwitchRecord } from '../src/judge/switch-record.ts'
import { auditWrites } from '../src/load/audit-writes.ts'
import { pause } from '../src/load/pause.ts'
import { startLoad } from '../src/load/start-load.ts'
import { createFixtureRepo, shopBlueprint, type FixtureRepo } from '../src/plimsoll/fixture-repo.ts'
import { createPlimsollHome, type CommandEnd, type PlimsollHome } from '../src/plimsoll/plimsoll-home.ts'
import { switchOf } from '../src/plimsoll/switch-of.ts'
import { shopTarget } from '../src/shop/shop-target.ts'

const full = process.env['PLIMSOLL_E2E'] === 'full'
const switches = full ? 20 : 4
const ratePerSecond = full ? 300 : 100
/** What the engine gives streams of a release that is retired. */
const streamGraceMs = 10_000

let plimsoll: PlimsollHome
let repo: FixtureRepo
beforeEach(async () => {
  plimsoll = await createPlimsollHome()
  const blueprint = shopBlueprint({ environment: { SHOP_DATA: `${plimsoll.home}/shop-data` } })
  repo = await createFixtureRepo({ directory: `${plimsoll.home}/repos/shop`, blueprint })
})
afterEach(async () => {
  expect(await plimsoll.leave()).toEqual([])
})

async function command(...args: readonly string[]): Promise<CommandEnd> {
  const end = await plimsoll.run([...args, '--json'], { cwd: repo.directory })
  expect(end.code, `${end.out.slice(-3000)}${end.err}`).toBe(0)
  return end
}

async function webPort(): Promise<number> {
  const client = await plimsoll.client()
  const { services } = await client.call(contract.showApp, { params: { app: 'shop' } })
  return Number(new URL(services[0]?.url ?? '').port)
}

/** Puts load on while `changes` are made one after the other, and judges. The release that serves first is 1. */
async function underLoad(changes: readonly (() => Promise<CommandEnd>)[]): Promise<void> {
  const target = shopTarget(await webPort())
  const load = startLoad({ target, ratePerSecond, seed: 3, longestMs: 900_000 })
  const made: SwitchRecord[] = []
  try {
    await pause(1500)
    for (const change of changes) {
      const one = switchOf(await change(), made.at(-1)?.after ?? 1)
      if (one === undefined) throw new Error('a change made no switch')
      made.push(one)
      await pause(500)
    }
    await pause(1000)
  } finally {
    await load.finish()
  }
  const { records } = await load.finish()
  const judgement = judge({ records: await auditWrites(records, target), first: 1, switches: made, streamGraceMs })
  const seen = renderJudgement(judgement)
  if (full) console.log(seen)
  expect(judgement.held, seen).toBe(true)
}

test(`Plimsoll loses, blends and duplicates nothing in ${switches} releases under ${ratePerSecond} arrivals a second`, { timeout: 600_000 }, async () => {
  await command('up')
  const changes = Array.from({ length: switches }, (_, at) => async () => {
    await repo.change(at % 2 === 0 ? 'B' : 'A')
    return command('release')
  })
  await underLoad(changes)
})

test('Plimsoll loses, blends and duplicates nothing when it goes back to the release before, and forward again', { timeout: 300_000 }, async () => {
  await command('up')
  const release = async (): Promise<CommandEnd> => {
    await repo.change('B')
    return command('release')
  }
  await underLoad([release, () => command('rollback'), () => command('rollback', '--to', '2')])
})
