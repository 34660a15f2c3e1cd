import { ensureEdge } from '@plimsoll/edge'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { renderJudgement } from '../src/judge/render-judgement.ts'
import { shopTarget } from '../src/shop/shop-target.ts'
import { createEdgeStage } from './edge-stage.ts'
import { holdThroughSwitches } from './hold-through-switches.ts'
import { createShopWorld, type ShopWorld } from './shop-world.ts'
import { switchUnderLoad } from './switch-under-load.ts'

const full = process.env['PLIMSOLL_E2E'] === 'full'
const switches = full ? 20 : 5
const ratePerSecond = full ? 300 : 100
const replacements = full ? 10 : 2

let world: ShopWorld
beforeEach(async () => {
  world = await createShopWorld()
})
afterEach(async () => {
  expect(await world.leave()).toEqual([])
})

test(`the edge loses, blends and duplicates nothing in ${switches} switches of two services under ${ratePerSecond} arrivals a second`, { timeout: 300_000 }, async () => {
  const stage = await createEdgeStage(world)
  try {
    await holdThroughSwitches(stage, { switches, ratePerSecond, seed: 11, told: full })
  } finally {
    await stage.close()
  }
})

test(`${replacements} replacements of the edge by another version, each with a release right behind it, lose, blend and duplicate nothing`, { timeout: 300_000 }, async () => {
  const stage = await createEdgeStage(world)
  try {
    await stage.raise(1)
    await stage.moveTo(1)
    const judgement = await switchUnderLoad({
      load: { target: shopTarget(stage.webPort, stage.apiPort), ratePerSecond: 100, seed: 12 },
      first: 1,
      switches: replacements,
      calmMs: 1000,
      switchOver: async (_before, after, { asked, acknowledged }) => {
        await stage.raise(after)
        await ensureEdge({ home: world.home, version: `after-${after}` }, AbortSignal.timeout(60_000))
        asked()
        await stage.moveTo(after)
        acknowledged()
      },
    })
    const seen = renderJudgement(judgement)
    if (full) console.log(seen)
    expect(judgement.held, seen).toBe(true)
    const reports = await stage.retired()
    expect(reports.every(({ cutRequests, cutStreams }) => cutRequests === 0 && cutStreams === 0)).toBe(true)
  } finally {
    await stage.close()
  }
})
