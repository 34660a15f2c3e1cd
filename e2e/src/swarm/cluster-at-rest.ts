import { waitUntil } from '@plimsoll/engine/contract'
import { labClock } from './lab-clock.ts'
import type { LabNode } from './lab-node.ts'
import type { SwarmLab } from './raise-swarm-lab.ts'

const soon = (): AbortSignal => AbortSignal.timeout(5_000)

interface ListedMachine {
  readonly ID: string
  readonly Version: { readonly Index: number }
  readonly Spec: object
  readonly Description: { readonly Hostname: string }
  readonly Status: { readonly State: string }
  readonly ManagerStatus?: { readonly Reachability: string; readonly Leader?: boolean }
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

/** The machine that leads the cluster, which is not the first one: where that led, it leads no more. Images are built there, in the place of a machine outside of the cluster. */
export async function leaderElsewhere(lab: Pick<SwarmLab, 'nodes'>): Promise<LabNode> {
  const [first, second] = lab.nodes
  const leader = await leaderOf(lab)
  if (leader !== first) return leader
  // Its own word on that may come too late for an answer.
  await changeMachine(second, first, { Role: 'worker' }).catch(() => undefined)
  await waitUntil('another one leads', async () => (await leaderOf(lab, second).catch(() => first)) !== first, { clock: labClock, withinMs: 60_000 })
  // The cluster changes it as well while it steps back.
  await waitUntil('it is a manager again', () => changeMachine(second, first, { Role: 'manager' }).then(() => true, () => false), { clock: labClock, withinMs: 60_000 })
  await untilAtRest(lab)
  return leaderOf(lab)
}

/** The machine that leads the cluster now, asked of one that is a manager. */
async function leaderOf({ nodes }: Pick<SwarmLab, 'nodes'>, { engine }: LabNode = nodes[0]): Promise<LabNode> {
  const leads = (await listMachines(engine)).find(({ ManagerStatus }) => ManagerStatus?.Leader === true)?.Description.Hostname
  const node = nodes.find(({ name }) => name === leads)
  if (node === undefined) throw new Error('the cluster has no leader')
  return node
}

/** As `docker node update --availability`: a machine that is drained gets no tasks, and those that it has end and begin elsewhere. */
export async function setAvailability({ nodes: [first] }: Pick<SwarmLab, 'nodes'>, node: LabNode, availability: 'active' | 'drain'): Promise<void> {
  await changeMachine(first, node, { Availability: availability })
}

async function changeMachine({ engine }: LabNode, { name }: LabNode, change: object): Promise<void> {
  const found = (await listMachines(engine)).find(({ Description }) => Description.Hostname === name)
  if (found === undefined) throw new Error(`the cluster does not know ${name}`)
  await engine.call({ method: 'POST', path: `/nodes/${found.ID}/update`, query: { version: found.Version.Index }, body: { ...found.Spec, ...change }, to: `change ${name}` }, soon())
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
