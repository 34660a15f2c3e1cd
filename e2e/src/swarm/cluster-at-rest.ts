import { waitUntil } from '@plimsoll/engine/contract'
import { labClock } from './lab-clock.ts'
import type { LabNode } from './lab-node.ts'
import type { SwarmLab } from './raise-swarm-lab.ts'

const soon = (): AbortSignal => AbortSignal.timeout(5_000)

interface ListedMachine {
  readonly Status: { readonly State: string }
  readonly ManagerStatus?: { readonly Reachability: string }
}

/** Waits until every machine of a lab is there and every service has as many tasks as it is to have, asked of the cluster itself. */
export async function untilAtRest({ nodes }: Pick<SwarmLab, 'nodes'>): Promise<void> {
  const [{ engine }] = nodes
  const isAtRest = async (): Promise<boolean> => {
    const machines = await listMachines(engine)
    const { body } = await engine.call({ path: '/services', query: { status: true }, to: 'look at the cluster' }, soon())
    const services = JSON.parse(body) as { ServiceStatus: { RunningTasks: number; DesiredTasks: number } }[]
    return machines.every(({ Status, ManagerStatus }) => Status.State === 'ready' && ManagerStatus?.Reachability === 'reachable') && services.every(({ ServiceStatus: { RunningTasks, DesiredTasks } }) => RunningTasks === DesiredTasks)
  }
  await waitUntil('the cluster is whole again', () => isAtRest().catch(() => false), { clock: labClock, withinMs: 120_000 })
}

/** Ends the edge of a machine by SIGKILL. */
export async function killEdge({ engine, name }: LabNode): Promise<void> {
  const { body } = await engine.call({ path: '/containers/json', query: { filters: { name: ['plimsoll-edge'] } }, to: 'find an edge' }, soon())
  const [edge] = JSON.parse(body) as { Id: string }[]
  if (edge === undefined) throw new Error(`no edge runs on ${name}`)
  await engine.call({ method: 'POST', path: `/containers/${edge.Id}/kill`, to: 'kill an edge' }, soon())
}

async function listMachines(engine: LabNode['engine']): Promise<ListedMachine[]> {
  return JSON.parse((await engine.call({ path: '/nodes', to: 'look at the machines' }, soon())).body) as ListedMachine[]
}
