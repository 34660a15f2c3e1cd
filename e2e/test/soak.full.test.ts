import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { casesAt, otherCases, sampleCases } from '../src/crash/crash-cases.ts'
import type { CrashWorld } from '../src/crash/crash-world.ts'
import { settle } from '../src/crash/discover-cases.ts'
import { openGround, type Ground } from '../src/crash/grounds.ts'
import { drawPlan } from '../src/soak/draw-plan.ts'
import { createSoakWorld, runSoak } from '../src/soak/run-soak.ts'
import { summarize } from '../src/soak/soak-summary.ts'
import { whyNoSwarmLab } from '../src/swarm/why-no-swarm-lab.ts'

describe.each([
  { on: 'process', releases: 12, missing: undefined },
  { on: 'swarm', releases: 4, missing: whyNoSwarmLab(process.env) },
])('on $on', ({ on, releases, missing }) => {
  describe.skipIf(missing !== undefined)(missing ?? 'in a home of its own', () => {
    let ground: Ground
    let world: CrashWorld
    beforeAll(async () => {
      ground = await openGround(on)
      world = await createSoakWorld(ground.place)
      await settle(world)
    }, 300_000)
    afterAll(async () => {
      const left = await world.leave()
      await ground.end?.()
      expect(left).toEqual([])
    }, 240_000)

    test('releases in a row, every second one with a fault, lose nothing, tell the truth and leave nothing behind', { timeout: 600_000 }, async () => {
      const plan = drawPlan({ seed: 3, releases, cases: casesAt(world.place, [...sampleCases, ...otherCases]) })
      const results = await runSoak(world, plan, { began: () => undefined, ended: () => undefined }, new AbortController().signal)
      const { text, missed } = summarize(results, plan.length)
      expect(missed, text).toEqual([])
      expect(results.map(({ arrived }) => arrived > 0)).not.toContain(false)
    })
  })
})
