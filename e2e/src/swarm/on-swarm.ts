import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DockerEngine } from '@plimsoll/drivers/docker'
import { clearCluster } from './clear-cluster.ts'
import type { LabNode } from './lab-node.ts'
import type { SwarmLab } from './raise-swarm-lab.ts'

type Labels = Readonly<Record<string, string>>

/** One container of a home, on the machine where it is. */
export interface ClusterContainer {
  readonly id: string
  readonly node: LabNode
  readonly labels: Labels
  /** In the engine's words: `running`, `exited`. */
  readonly state: string
  /** Of the service that it is a task of; undefined for one that is none. */
  readonly service: string | undefined
}

/** One thing that a cluster, or a machine of it, keeps for a home. */
export interface ClusterThing {
  readonly id: string
  readonly labels: Labels
  readonly what: 'service' | 'secret' | 'network' | 'volume'
}

/** Everything that a home has in a cluster. */
export interface OnSwarm {
  readonly containers: readonly ClusterContainer[]
  readonly things: readonly ClusterThing[]
}

const patienceMs = 30_000
const soon = (): AbortSignal => AbortSignal.timeout(patienceMs)

/** Reads it from the cluster and from each of its machines, by the id that everything of the home is labelled with. */
export async function onSwarm({ nodes }: Pick<SwarmLab, 'nodes'>, home: string): Promise<OnSwarm> {
  const place = await placeIn(home)
  if (place === '') return { containers: [], things: [] }
  const [{ engine }] = nodes
  const query = { all: true, filters: { label: [`plimsoll.place=${place}`] } }
  const list = async <One>(of: DockerEngine, path: string): Promise<readonly One[]> => {
    const listed = JSON.parse((await of.call({ path, query, to: `list ${path}` }, soon())).body) as readonly One[] | { readonly Volumes: readonly One[] | null }
    return 'Volumes' in listed ? (listed.Volumes ?? []) : listed
  }
  const specs = async (what: 'service' | 'secret'): Promise<ClusterThing[]> => (await list<{ ID: string; Spec: { Labels: Labels } }>(engine, `/${what}s`)).map(({ ID, Spec }) => ({ id: ID, labels: Spec.Labels, what }))
  const [services, secrets, networks, volumes, containers] = await Promise.all([
    specs('service'), specs('secret'),
    list<{ Id: string; Scope: string; Labels: Labels }>(engine, '/networks'),
    Promise.all(nodes.map(async (node) => (await list<{ Name: string; Labels: Labels }>(node.engine, '/volumes')).map((each): ClusterThing => ({ id: each.Name, labels: each.Labels, what: 'volume' })))),
    Promise.all(nodes.map(async (node) => (await list<{ Id: string; State: string; Labels: Labels }>(node.engine, '/containers/json')).map(({ Id, State, Labels }): ClusterContainer => ({ id: Id, node, labels: Labels, state: State, service: Labels['com.docker.swarm.service.id'] })))),
  ])
  return { containers: containers.flat(), things: [...services, ...secrets, ...networks.map(({ Id, Labels }): ClusterThing => ({ id: Id, labels: Labels, what: 'network' })), ...volumes.flat()] }
}

/** What is there of apps, in words: only edges, with what is theirs, belong to none, and stay. */
function ofApps({ things, containers }: OnSwarm): string[] {
  const isOfApp = ({ labels }: { readonly labels: Labels }): boolean => labels['plimsoll.app'] !== undefined
  return [...things.filter(isOfApp).map(kindOf), ...containers.filter(isOfApp).map(({ labels, state }) => `container ${labels['plimsoll.unit'] ?? 'that looks into a network'} ${state}`)]
}

/** Removes whatever a home has in a cluster, its edges too, and tells what of it was an app's. */
export async function clearHome(lab: Pick<SwarmLab, 'nodes'>, home: string): Promise<string[]> {
  const left = ofApps(await onSwarm(lab, home))
  const place = await placeIn(home)
  if (place !== '') await clearCluster(lab, place)
  return left
}

/** Empty before anything lived in a cluster. */
async function placeIn(home: string): Promise<string> {
  return (await readFile(join(home, 'swarm/place-id'), 'utf8').catch(() => '')).trim()
}

/** Without what differs from release to release. */
export function kindOf({ what, labels }: ClusterThing): string {
  const { 'plimsoll.service': service, 'plimsoll.role': role, 'plimsoll.resource': resource, 'plimsoll.app': app } = labels
  const whose = service === undefined ? (resource ?? (app === undefined ? 'of the edges' : 'of the app')) : `${role ?? ''} ${service}-rN`
  return `${what} ${whose}`
}
