import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { titleOf } from '../src/crash/crash-case.ts'
import { stepCases } from '../src/crash/crash-cases.ts'
import { faultsOf } from '../src/crash/crash-report.ts'
import { createCrashWorld, type CrashWorld } from '../src/crash/crash-world.ts'
import { settle } from '../src/crash/discover-cases.ts'
import { runMatrix } from '../src/crash/run-matrix.ts'
import { raiseSwarmPlace, type SwarmPlace } from '../src/swarm/swarm-place.ts'
import { whyNoSwarmLab } from '../src/swarm/why-no-swarm-lab.ts'

const missing = whyNoSwarmLab(process.env)

describe.skipIf(missing !== undefined)(`in a cluster${missing === undefined ? '' : ` (${missing})`}`, () => {
  let place: SwarmPlace
  let world: CrashWorld
  beforeAll(async () => {
    place = await raiseSwarmPlace()
    world = await createCrashWorld({ place })
    await settle(world)
  }, 400_000)
  afterAll(async () => {
    const left = await world.leave()
    await place.lower()
    expect(left).toEqual([])
  }, 240_000)

  test('when Plimsoll is killed at any step of a release, its undo or a rollback, `up` ends it, one release is live, nothing is left and no request is lost', { timeout: 2_400_000 }, async () => {
    const judged = await runMatrix(world, stepCases, ({ case: one, outcome, problem = '', wrong, from, to }) => console.log(`${titleOf(one)} → ${outcome} ${Math.round(to - from)} ms ${problem} ${wrong.join('; ')}`))
    expect(judged.flatMap((one) => faultsOf(one).map((fault) => `${titleOf(one.case)}: ${fault}`))).toEqual([])
    expect(judged.map((one) => Object.values(one.load.arrivals).some((count) => count > 0))).not.toContain(false)
  })
})
