import { waitUntil } from '@plimsoll/engine/contract'
import { labClock } from './lab-clock.ts'
import type { LabNode } from './lab-node.ts'
import type { SwarmLab } from './raise-swarm-lab.ts'

/** Waits until every machine of a lab is there, whatever runs on them. */
export async function untilAllAreThere({ nodes: [{ engine }] }: Pick<SwarmLab, 'nodes'>): Promise<void> {
  await waitUntil('all machines are there again', () => areThere(engine).catch(() => false), { clock: labClock, withinMs: 120_000 })
}

interface ListedMachine {
  readonly Status: { readonly State: string }
  readonly ManagerStatus?: { readonly Reachability: string }
}

async function areThere(engine: LabNode['engine']): Promise<boolean> {
  const machines = JSON.parse((await engine.call({ path: '/nodes', to: 'look at the machines' }, AbortSignal.timeout(5_000))).body) as ListedMachine[]
  return machines.every(({ Status, ManagerStatus }) => Status.State === 'ready' && ManagerStatus?.Reachability === 'reachable')
}
