import { pause } from '../load/pause.ts'
import { killEdge, leaderElsewhere, setAvailability } from './cluster-at-rest.ts'
import type { FaultStage } from './fault-stage.ts'
import type { LabNode } from './lab-node.ts'

/** Something that goes wrong in a cluster while a release is made, which is live at its end. */
export interface ClusterFault {
  readonly name: string
  /** The edge, from 0, whose machine is out of the network meanwhile: what comes by it is counted apart. */
  readonly cut?: number
  /** Releases, and strikes meanwhile; calls `struck` whenever it takes a machine away, or what runs there. All is back when it resolves. A machine is struck as a step begins: the start of new units unless it is given. */
  readonly run: (world: FaultStage, struck: () => void, at?: StrikeStep) => Promise<void>
}

/** Steps of a release in which there are machines to be lost. */
export const strikeSteps = ['build', 'start-candidate', 'verify', 'shift-traffic', 'retire-previous'] as const
type StrikeStep = (typeof strikeSteps)[number]

/** Edges are on the first two machines of a stage. */
const withEdge = 1
const withoutEdge = 2

const machine = ({ stage: { lab: { nodes } } }: FaultStage, at: number): LabNode => nodes[at] ?? nodes[0]

/** Releases, and strikes as that step begins. */
async function amidRelease(world: FaultStage, at: StrikeStep | undefined, strike: () => Promise<void>): Promise<void> {
  const running = world.start()
  await running.printed(new RegExp(`"is":"started","step":"${at ?? 'start-candidate'}"`))
  await strike()
  await world.released(running)
}

function killed(how: 'killEngine' | 'killAll', which: (world: FaultStage) => LabNode | Promise<LabNode>): ClusterFault['run'] {
  return async (world, struck, at) => {
    const node = await which(world)
    let isDown = false
    try {
      await amidRelease(world, at, async () => {
        struck()
        await node[how]()
        isDown = true
      })
    } finally {
      struck()
      if (isDown) await node.startEngine()
    }
  }
}

function unplugged(which: number): ClusterFault['run'] {
  return async (world, struck, at) => {
    const node = machine(world, which)
    try {
      await amidRelease(world, at, async () => {
        struck()
        node.unplug()
      })
    } finally {
      struck()
      node.plug()
    }
  }
}

function drained(which: number): ClusterFault['run'] {
  return async (world, struck, at) => {
    const { lab } = world.stage
    try {
      await amidRelease(world, at, async () => {
        struck()
        await setAvailability(lab, machine(world, which), 'drain')
      })
      // Its tasks are told three seconds later, and have fifteen from then on.
      await pause(18_000)
    } finally {
      await setAvailability(lab, machine(world, which), 'active')
    }
  }
}

/** What is tried of machines; the rest of a cluster's faults is below. */
export const machineFaults = {
  engine: { name: 'an engine is killed while its instances run on', run: killed('killEngine', (world) => machine(world, withoutEdge)) },
  engineUnderEdge: { name: 'an engine under an edge is killed', run: killed('killEngine', (world) => machine(world, withEdge)) },
  leader: { name: 'the leader is killed', run: killed('killEngine', ({ stage: { lab } }) => leaderElsewhere(lab)) },
  reboot: { name: 'all of a machine with an edge is killed, and it starts again', run: killed('killAll', (world) => machine(world, withEdge)) },
  cable: { name: 'the cable of a machine without an edge is pulled', run: unplugged(withoutEdge) },
  cableOfEdge: { name: 'the cable of a machine with an edge is pulled', cut: withEdge, run: unplugged(withEdge) },
  drain: { name: 'a machine without an edge is drained', run: drained(withoutEdge) },
  drainOfEdge: { name: 'a machine with an edge is drained', run: drained(withEdge) },
} satisfies Readonly<Record<string, ClusterFault>>

export const otherFaults = {
  edge: {
    name: 'an edge is killed',
    run: (world, struck, at) => amidRelease(world, at, async () => {
      struck()
      await killEdge(machine(world, withEdge))
    }),
  },
  registry: {
    name: 'the registry is away',
    async run({ start, released, stage: { lab } }) {
      await lab.stopRegistry()
      const end = await start().ended
      await lab.startRegistry()
      if (end.code === 0) return
      if (!/^(?:IMAGE_MISSING|REGISTRY_)/.test(end.problem?.code ?? '')) throw new Error(`it failed for another reason: ${end.out.slice(-3000)}`)
      await released(start())
    },
  },
  controller: {
    name: 'the controller is killed after the switch',
    async run({ start, released, faults }) {
      await faults.arm({ signal: 'SIGKILL', point: 'edge.shift after', pass: 1, afterMs: 0 })
      const running = start()
      if (!(await faults.struck(running.ended))) throw new Error('it did not come to the switch')
      running.kill('SIGKILL')
      await running.ended
      await released(start())
    },
  },
} satisfies Readonly<Record<string, ClusterFault>>

/** A release as it is every day. */
export const noFault: ClusterFault = { name: 'nothing', run: async ({ start, released }) => void (await released(start())) }
