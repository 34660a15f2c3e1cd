import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createFaultStage, type FaultStage, type Troubled } from '../src/swarm/fault-stage.ts'
import type { LabNode } from '../src/swarm/lab-node.ts'
import { whyNoSwarmLab } from '../src/swarm/why-no-swarm-lab.ts'

const missing = whyNoSwarmLab(process.env)
vi.setConfig({ testTimeout: 400_000, hookTimeout: 300_000 })

describe.skipIf(missing !== undefined)(`machines of a cluster that fail during a release under load${missing === undefined ? '' : ` (${missing})`}`, () => {
  let world: FaultStage
  let nodes: readonly [LabNode, LabNode, LabNode]

  beforeAll(async () => {
    world = await createFaultStage({ ratePerSecond: 30, seed: 11 })
    nodes = world.stage.lab.nodes
  })
  afterAll(async () => {
    expect(await world.leave()).toEqual([])
  })

  /** Whatever was lost must have been in flight where something was struck; what was answered is judged as ever. */
  async function troubled(work: (struck: () => void) => Promise<void>): Promise<Troubled> {
    const result = await world.troubled(work)
    const { losses, judgements, seen } = result
    console.log(`${expect.getState().currentTestName}\n${seen}`)
    expect(losses.flatMap(({ otherwise }) => otherwise), seen).toEqual([])
    for (const { counts: { stale, blended, duplicated, garbled, overload } } of judgements) expect({ stale, blended, duplicated, garbled, overload }, seen).toEqual({ stale: 0, blended: 0, duplicated: 0, garbled: 0, overload: 0 })
    return result
  }

  test('an engine that is killed while its instances run on costs what was under way on its machine', async () => {
    const [, , node] = nodes
    await troubled(async (struck) => {
      const running = world.start()
      await running.printed(/"start-candidate"/)
      struck()
      await node.killEngine()
      await world.released(running)
      struck()
      await node.startEngine()
    })
  })

  test('an engine under an edge that is killed costs what was under way on its machine, and users go to the other edge', async () => {
    const [, node] = nodes
    await troubled(async (struck) => {
      const running = world.start()
      await running.printed(/"start-candidate"/)
      struck()
      await node.killEngine()
      await world.released(running)
      struck()
      await node.startEngine()
    })
  })
})
