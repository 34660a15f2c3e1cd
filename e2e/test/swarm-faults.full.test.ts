import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { machineFaults, otherFaults, type ClusterFault } from '../src/swarm/cluster-faults.ts'
import { createFaultStage, type FaultStage } from '../src/swarm/fault-stage.ts'
import type { Losses } from '../src/swarm/losses-by.ts'
import { whyNoSwarmLab } from '../src/swarm/why-no-swarm-lab.ts'

const missing = whyNoSwarmLab(process.env)
vi.setConfig({ testTimeout: 400_000, hookTimeout: 300_000 })

describe.skipIf(missing !== undefined)(`faults in a cluster during a release under load${missing === undefined ? '' : ` (${missing})`}`, () => {
  let world: FaultStage

  beforeAll(async () => {
    world = await createFaultStage({ ratePerSecond: 30, seed: 11 })
  })
  afterAll(async () => {
    expect(await world.leave()).toEqual([])
  })

  /** Whatever was lost must have been in flight where something was struck; what was answered is judged as ever. Gives what was lost by each edge. */
  async function held({ run }: ClusterFault): Promise<readonly Losses[]> {
    const { losses, judgements, seen } = await world.troubled((struck) => run(world, struck))
    console.log(`${expect.getState().currentTestName}\n${seen}`)
    expect(losses.flatMap(({ otherwise }) => otherwise), seen).toEqual([])
    for (const { counts: { stale, blended, duplicated, garbled, overload } } of judgements) expect({ stale, blended, duplicated, garbled, overload }, seen).toEqual({ stale: 0, blended: 0, duplicated: 0, garbled: 0, overload: 0 })
    return losses
  }

  test('a registry that is away costs no request, and the release is made when it is back', async () => {
    await held(otherFaults.registry)
  })

  test('a controller that is killed between the switch and its end costs no request, and the next one finishes', async () => {
    await held(otherFaults.controller)
  })

  test('an edge that is killed costs what was under way through it, and nothing at the other', async () => {
    const [there, here] = await held(otherFaults.edge)
    expect(here?.struck, 'it was in use').not.toEqual([])
    expect(there?.struck).toEqual([])
  })

  test('a cable that is pulled costs what was under way on that machine', async () => {
    await held(machineFaults.cable)
  })
})
