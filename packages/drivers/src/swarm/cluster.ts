import type { Clock } from '@plimsoll/engine'
import type { AppName, Unit } from '@plimsoll/model'
import { z } from 'zod'
import type { DockerEngine } from '../docker-engine/docker-engine.ts'
import { appIn, isDisk, isOf, labelFilter, marksIn, placeFilter, type Marks, type Role } from '../container/place-labels.ts'
import type { Place } from '../process/place.ts'
import { clusterNetwork } from './cluster-names.ts'
import type { Doors } from './doors.ts'
import { shareLooks } from './share-looks.ts'

/** What the verbs of the driver work with. */
export interface Cluster {
  /** Whichever manager answers. */
  readonly managers: DockerEngine
  readonly place: Place
  readonly clock: Clock
  readonly doors: Doors
  /** Every task of everybody's services, the oldest first, as they are now. Not asked for by service: of one that was removed the cluster knows tasks, and not that they are its own. */
  readonly tasks: (signal: AbortSignal) => Promise<readonly Task[]>
}

/** One service of the cluster: all instances of a unit, or one command of it. */
export interface ClusterService {
  readonly id: string
  readonly version: number
  readonly marks: Marks
  readonly replicas: number
  /** What its next task would run. */
  readonly image: string
  /** As it was sent. */
  readonly spec: z.infer<typeof serviceSchema>['Spec']
}

const serviceSchema = z.object({
  ID: z.string(),
  Version: z.object({ Index: z.number() }),
  Spec: z.looseObject({
    Labels: z.record(z.string(), z.string()).nullish(),
    Mode: z.object({ Replicated: z.object({ Replicas: z.number() }).optional() }),
    TaskTemplate: z.looseObject({ ContainerSpec: z.looseObject({ Image: z.string() }) }),
  }),
})

export async function findServices({ managers, place }: Cluster, of: { readonly app: AppName; readonly unit?: Unit; readonly role?: Role }, signal: AbortSignal): Promise<readonly ClusterService[]> {
  const all = await managers.read(z.array(serviceSchema), { path: '/services', query: { filters: labelFilter(place, of) }, to: `list the services of ${of.app}` }, signal)
  return all.map(serviceOf).filter((each) => each !== undefined).toSorted((a, b) => (a.marks.unit.name < b.marks.unit.name ? -1 : 1))
}

const labelledSchema = z.array(z.object({ Spec: z.object({ Labels: z.record(z.string(), z.string()).nullish() }) }))

/** Whether the cluster has any service in the app's network: units, commands, databases. Disks are in none. */
export async function hasServices({ managers, place }: Cluster, app: AppName, signal: AbortSignal): Promise<boolean> {
  const all = await managers.read(labelledSchema, { path: '/services', query: { filters: placeFilter(place) }, to: `list the services of ${app}` }, signal)
  return all.some(({ Spec }) => {
    const owner = isDisk(Spec.Labels ?? {}) ? undefined : appIn(Spec.Labels ?? {})
    return owner !== undefined && clusterNetwork(place, owner) === clusterNetwork(place, app)
  })
}

/** By its name; undefined where there is none. */
export async function findService({ managers }: Pick<Cluster, 'managers'>, name: string, signal: AbortSignal): Promise<ClusterService | undefined> {
  const { status, body } = await managers.call({ path: `/services/${name}`, to: `look at the service ${name}`, also: [404] }, signal)
  return status === 404 ? undefined : serviceOf(serviceSchema.parse(JSON.parse(body)))
}

function serviceOf({ ID, Version, Spec }: z.infer<typeof serviceSchema>): ClusterService | undefined {
  const marks = marksIn(Spec.Labels ?? {})
  return marks && { id: ID, version: Version.Index, marks, replicas: Spec.Mode.Replicated?.Replicas ?? 0, image: Spec.TaskTemplate.ContainerSpec.Image, spec: Spec }
}

/** One run of one instance, or of a command. */
export interface Task {
  readonly id: string
  readonly service: string
  /** From 1; the same for all runs of one instance. */
  readonly slot: number
  readonly createdAt: string
  /** Of its machine; undefined until it has one. */
  readonly node: string | undefined
  readonly wanted: string
  readonly state: TaskState
  readonly since: string
  /** The cluster's own words for what is wrong, or empty. */
  readonly says: string
  /** That a container of it was made. */
  readonly hasContainer: boolean
  readonly pid: number
  readonly exitCode: number
  /** What it runs, by digest. */
  readonly image: string
  /** Of its container. */
  readonly labels: Readonly<Record<string, string>>
  /** Where it is reached, by the name of the network; without the length of the prefix. */
  readonly addresses: Readonly<Record<string, string>>
}

/** In the order in which a task goes through them. */
export const taskStates = ['new', 'allocated', 'pending', 'assigned', 'accepted', 'preparing', 'ready', 'starting', 'running', 'complete', 'shutdown', 'failed', 'rejected', 'remove', 'orphaned'] as const
export type TaskState = (typeof taskStates)[number]

const taskSchema = z.object({
  ID: z.string(),
  ServiceID: z.string().default(''),
  Slot: z.number().default(0),
  CreatedAt: z.string(),
  NodeID: z.string().optional(),
  DesiredState: z.string(),
  Spec: z.object({ ContainerSpec: z.object({ Image: z.string(), Labels: z.record(z.string(), z.string()).nullish() }).optional() }),
  Status: z.object({
    Timestamp: z.string(), State: z.enum(taskStates), Err: z.string().optional(),
    ContainerStatus: z.object({ ContainerID: z.string().optional(), PID: z.number().optional(), ExitCode: z.number().optional() }).nullish(),
  }),
  NetworksAttachments: z.array(z.object({ Network: z.object({ Spec: z.object({ Name: z.string() }) }), Addresses: z.array(z.string()).nullish() })).nullish(),
})

/** That it has ended, however. */
export function hasEnded({ state }: Pick<Task, 'state'>): boolean {
  return taskStates.indexOf(state) > taskStates.indexOf('running')
}

/** That its container is there, started or about to be. */
export function isPlaced({ state }: Pick<Task, 'state'>): boolean {
  return taskStates.indexOf(state) >= taskStates.indexOf('starting')
}

/** All runs that the cluster remembers, of services that are there or are just going, the oldest first. */
export async function tasksOf(cluster: Pick<Cluster, 'tasks'>, services: readonly string[], signal: AbortSignal): Promise<readonly Task[]> {
  if (services.length === 0) return []
  return (await cluster.tasks(signal)).filter(({ service }) => services.includes(service))
}

/** At most so often all tasks are listed, however many wait for some of them: a manager writes the whole list each time, and Plimsoll reads it. */
const tasksEveryMs = 100

/** Opens what the verbs of the driver work with. */
export function openCluster(parts: Omit<Cluster, 'tasks'>): Cluster {
  const { managers, clock } = parts
  const tasks = shareLooks(async (signal) => {
    const all = await managers.read(z.array(taskSchema), { path: '/tasks', to: 'list the tasks of the cluster' }, signal)
    return all.map(taskOf).toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1))
  }, { clock, everyMs: tasksEveryMs })
  return { ...parts, tasks }
}

/** Tasks of an app whose service was removed, and that have not ended yet. What a machine that is lost was running is none: it ends when that is back. */
export async function endingTasks(cluster: Cluster, { app, services, tasks }: { readonly app: AppName; readonly services: readonly Pick<ClusterService, 'id'>[]; readonly tasks: readonly Task[] }, signal: AbortSignal): Promise<readonly EndingTask[]> {
  const known = new Set(services.map(({ id }) => id))
  const found = tasks.flatMap((task): EndingTask[] => {
    const marks = marksIn(task.labels)
    return marks === undefined || marks.app !== app || known.has(task.service) || hasEnded(task) || !isOf(cluster.place, task.labels) ? [] : [{ task, marks }]
  })
  if (found.length === 0) return []
  const lost = await lostMachines(cluster, signal)
  return found.filter(({ task: { node } }) => node === undefined || !lost.has(node))
}

export interface EndingTask {
  readonly task: Task
  readonly marks: Marks
}

function taskOf({ ID, ServiceID, Slot, CreatedAt, NodeID, DesiredState, Spec, Status, NetworksAttachments }: z.infer<typeof taskSchema>): Task {
  const { State, Timestamp, Err, ContainerStatus } = Status
  return {
    id: ID, service: ServiceID, slot: Slot, createdAt: CreatedAt, node: NodeID, wanted: DesiredState, state: State, since: Timestamp, says: Err ?? '',
    hasContainer: (ContainerStatus?.ContainerID ?? '') !== '', pid: ContainerStatus?.PID ?? 0, exitCode: ContainerStatus?.ExitCode ?? 0,
    image: Spec.ContainerSpec?.Image ?? '', labels: Spec.ContainerSpec?.Labels ?? {},
    addresses: Object.fromEntries((NetworksAttachments ?? []).map(({ Network, Addresses }) => [Network.Spec.Name, (Addresses?.[0] ?? '').replace(/\/\d+$/, '')])),
  }
}

const machinesSchema = z.array(z.object({ ID: z.string(), Description: z.object({ Hostname: z.string() }), Status: z.object({ State: z.string() }) }))

/** Machines that the cluster has lost, by id → name: of their tasks it knows no more than that they ran. */
export async function lostMachines({ managers }: Pick<Cluster, 'managers'>, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const all = await managers.read(machinesSchema, { path: '/nodes', to: 'list the machines of the cluster' }, signal)
  return new Map(all.filter(({ Status }) => Status.State === 'down').map(({ ID, Description }) => [ID, Description.Hostname]))
}

/** That of a task's machine, where the cluster has lost it. */
export async function nameOfLost(cluster: Pick<Cluster, 'managers'>, { node }: Pick<Task, 'node'>, signal: AbortSignal): Promise<string | undefined> {
  return node === undefined ? undefined : (await lostMachines(cluster, signal)).get(node)
}
