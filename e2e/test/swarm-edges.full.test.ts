import { createClusterEdges, type ClusterEdges } from '@plimsoll/drivers/swarm'
import { edgeSecretNames, fleetSecrets } from '@plimsoll/edge'
import { waitUntil } from '@plimsoll/engine/contract'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { edgeImage, edgeUid } from '../src/swarm/edge-image.ts'
import { labClock } from '../src/swarm/lab-clock.ts'
import { publishIn } from '../src/swarm/lab-images.ts'
import { raiseSwarmLab, type SwarmLab } from '../src/swarm/raise-swarm-lab.ts'
import { whyNoSwarmLab } from '../src/swarm/why-no-swarm-lab.ts'

const missing = whyNoSwarmLab(process.env)
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })
const soon = (): AbortSignal => AbortSignal.timeout(30_000)

interface Task {
  readonly ID: string
  readonly DesiredState: string
  readonly Status: { readonly State: string }
}

describe.skipIf(missing !== undefined)(`the edges of a cluster${missing === undefined ? '' : ` (${missing})`}`, () => {
  let lab: SwarmLab
  let home: string
  let image: string

  beforeAll(async () => {
    lab = await raiseSwarmLab()
    home = await mkdtemp(join(tmpdir(), 'plimsoll-edges-'))
    image = await publishIn(lab, edgeImage)
    await Promise.all(lab.nodes.slice(0, 2).map((node) => lab.label(node, { 'plimsoll.edge': 'true' })))
  })
  afterAll(async () => {
    await lab.lower()
    await rm(home, { recursive: true })
  })

  async function edgesAt(users: number): Promise<ClusterEdges> {
    const { edge } = await fleetSecrets(home)
    const [first, second, third] = lab.nodes
    return createClusterEdges({
      home, managers: [first.engine, second.engine, third.engine], clock: labClock, login: {}, wanted: { image, uid: edgeUid, constraint: 'node.labels.plimsoll.edge == true', ports: { users, control: 4_075 } },
      secrets: { [edgeSecretNames.key]: edge.key, [edgeSecretNames.certificate]: edge.certificate, [edgeSecretNames.peer]: edge.peer },
    })
  }
  const tasks = async (): Promise<readonly Task[]> => JSON.parse((await lab.nodes[0].engine.call({ path: '/tasks', to: 'look at edges' }, soon())).body) as Task[]
  const running = async (): Promise<readonly Task[]> => (await tasks()).filter(({ Status, DesiredState }) => Status.State === 'running' && DesiredState === 'running')

  test('what is wanted otherwise comes to them one after the other, and what is wanted again changes nothing', async () => {
    const before = await edgesAt(80)
    await before.ensure(soon())
    await waitUntil('two edges run', async () => (await running()).length === 2, { clock: labClock, withinMs: 120_000 })
    const first = (await running()).map(({ ID }) => ID)
    await (await edgesAt(80)).ensure(soon())
    const machines = await before.machines(soon())
    expect(machines.map(({ hasEdge, port, addresses }) => [hasEdge, port, addresses.length]).toSorted()).toEqual([[false, 7_946, 0], [true, 7_946, 1], [true, 7_946, 1]])
    expect((await running()).map(({ ID }) => ID).toSorted()).toEqual(first.toSorted())

    await (await edgesAt(81)).ensure(soon())
    const least = { running: 2 }
    await waitUntil('both are as they are wanted now', async () => {
      const now = await running()
      least.running = Math.min(least.running, now.length)
      return now.length === 2 && now.every(({ ID }) => !first.includes(ID))
    }, { clock: labClock, withinMs: 180_000 })
    expect(least.running, 'one of them ran at every moment').toBe(1)
  })
})
