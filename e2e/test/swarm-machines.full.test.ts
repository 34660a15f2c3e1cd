import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { machineFaults, type ClusterFault } from '../src/swarm/cluster-faults.ts'
import { createFaultStage, type FaultStage, type Troubled } from '../src/swarm/fault-stage.ts'
import { whyNoSwarmLab } from '../src/swarm/why-no-swarm-lab.ts'

const missing = whyNoSwarmLab(process.env)
vi.setConfig({ testTimeout: 400_000, hookTimeout: 300_000 })

describe.skipIf(missing !== undefined)(`machines of a cluster that fail during a release under load${missing === undefined ? '' : ` (${missing})`}`, () => {
  let world: FaultStage

  beforeAll(async () => {
    world = await createFaultStage({ ratePerSecond: 30, seed: 11 })
  })
  afterAll(async () => {
    expect(await world.leave()).toEqual([])
  })

  /** Whatever was lost must have been in flight where something was struck; what was answered is judged as ever. What came by an edge whose machine was out of the network is shown. */
  async function held({ run, cut }: ClusterFault): Promise<Troubled> {
    const result = await world.troubled((struck) => run(world, struck))
    const { losses, judgements, seen } = result
    console.log(`${expect.getState().currentTestName}\n${seen}`)
    expect(losses.filter((_, at) => at !== cut).flatMap(({ otherwise }) => otherwise), seen).toEqual([])
    for (const { counts: { blended, duplicated, garbled, overload } } of judgements) expect({ blended, duplicated, garbled, overload }, seen).toEqual({ blended: 0, duplicated: 0, garbled: 0, overload: 0 })
    // Nor does one that comes back serve what it served before.
    expect(judgements.map(({ counts: { stale } }) => stale).filter((stale) => stale > 0), seen).toEqual([])
    return result
  }

  test('an engine that is killed while its instances run on costs what was under way on its machine', async () => {
    await held(machineFaults.engine)
  })

  test('an engine under an edge that is killed costs what was under way on its machine, and users go to the other edge', async () => {
    await held(machineFaults.engineUnderEdge)
  })

  test('the leader that is killed costs what was under way on its machine, and the release goes on', async () => {
    await held(machineFaults.leader)
  })

  test('a machine of which all is killed, and that starts again, costs what was under way there, and its edge serves by what holds then', async () => {
    await held(machineFaults.reboot)
  })

  test('a machine with an edge whose cable is pulled costs what was under way there, and what came by that edge', async () => {
    await held(machineFaults.cableOfEdge)
  })

  test.each([machineFaults.drain, machineFaults.drainOfEdge])('$name, and it costs nothing but messages under way in sockets that are closed', async (fault) => {
    const { losses } = await held(fault)
    expect(losses.flatMap(({ struck }) => struck).filter(({ kind }) => kind !== 'socket')).toEqual([])
  })
})
