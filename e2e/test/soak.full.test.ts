import { afterAll, beforeAll, expect, test } from 'vitest'
import { otherCases, sampleCases } from '../src/crash/crash-cases.ts'
import type { CrashWorld } from '../src/crash/crash-world.ts'
import { settle } from '../src/crash/discover-cases.ts'
import { drawPlan } from '../src/soak/draw-plan.ts'
import { createSoakWorld, runSoak } from '../src/soak/run-soak.ts'
import { summarize } from '../src/soak/soak-summary.ts'

let world: CrashWorld
beforeAll(async () => {
  world = await createSoakWorld()
  await settle(world)
}, 120_000)
afterAll(async () => {
  expect(await world.leave()).toEqual([])
}, 60_000)

test('releases in a row, every second one with a fault, lose nothing, tell the truth and leave nothing behind', { timeout: 600_000 }, async () => {
  const plan = drawPlan({ seed: 3, releases: 12, cases: [...sampleCases, ...otherCases] })
  const results = await runSoak(world, plan, { began: () => undefined, ended: () => undefined }, new AbortController().signal)
  const { text, missed } = summarize(results, plan.length)
  expect(missed, text).toEqual([])
  expect(results.map(({ arrived }) => arrived > 0)).not.toContain(false)
})
