import type { StopReport } from '@plimsoll/engine'
import { PlimsollError, type AppName, type Unit } from '@plimsoll/model'
import { dropUnneeded } from './cluster-network.ts'
import { endingTasks, findServices, hasEnded, lostMachines, tasksOf, type Cluster, type ClusterService, type Task } from './cluster.ts'

/** Also sees how a task ends that the cluster forgets a quarter of a second later. */
const pollMs = 50
/** Longest that a cluster may take beyond what it was told to wait for a task: it takes it out of names first, for two seconds, and removes it afterwards. */
const longestMs = 60_000
/** After how long machines are looked at, too. */
const patientMs = 5_000
const killedCode = 137

/**
 * Ends and removes every service of the unit, also commands, and waits until none of their tasks runs. How long a task is given between SIGTERM and
 * SIGKILL was settled when it was started, because machines are told with the task. Cut off, it is completed by the next one.
 */
export async function stopServices(cluster: Cluster, { app, unit }: { readonly app: AppName; readonly unit: Unit }, signal: AbortSignal): Promise<StopReport> {
  const services = await findServices(cluster, { app, unit }, signal)
  const report = await endServices(cluster, services, signal)
  // Of one that was cut off there may be tasks without a service.
  const ending = await endingTasks(cluster, { app, services: [], tasks: await cluster.tasks(signal) }, signal)
  await untilGone(cluster, ending.filter(({ marks }) => marks.unit.name === unit.name && marks.unit.service === unit.service).map(({ task }) => task), signal)
  await dropUnneeded(cluster, app, signal)
  return report
}

export async function endServices(cluster: Cluster, services: readonly ClusterService[], signal: AbortSignal): Promise<StopReport> {
  const { managers } = cluster
  const instances = new Set(services.filter(({ marks }) => marks.role === 'instance').map(({ id }) => id))
  const before = await tasksOf(cluster, services.map(({ id }) => id), signal)
  for (const { id, marks } of services) await managers.call({ method: 'DELETE', path: `/services/${id}`, to: `stop ${marks.unit.service} in the cluster`, also: [404] }, signal)
  const ended = await untilGone(cluster, before.filter((task) => !hasEnded(task)), signal)
  const running = before.filter((task) => instances.has(task.service) && task.state === 'running')
  return { instances: running.length, killed: running.filter(({ id }) => ended.get(id)?.exitCode === killedCode).length }
}

/** Gives how each was seen last. */
async function untilGone(cluster: Cluster, tasks: readonly Task[], signal: AbortSignal): Promise<ReadonlyMap<string, Task>> {
  const { clock } = cluster
  const last = new Map<string, Task>()
  const services = [...new Set(tasks.map(({ service }) => service))]
  const ids = new Set(tasks.map(({ id }) => id))
  const begun = clock.now()
  for (;;) {
    const left = (await tasksOf(cluster, services, signal)).filter(({ id }) => ids.has(id))
    for (const task of left) last.set(task.id, task)
    const going = left.filter((task) => !hasEnded(task))
    if (going.length === 0 || (clock.now() - begun >= patientMs && (await areLost(cluster, going, signal)))) return last
    if (clock.now() - begun >= longestMs + longestGraceMs) throw stuck(going)
    await clock.sleep(pollMs, signal)
  }
}

/** What a lost machine was running is ended by itself when it comes back and hears that nobody wants it any more. */
async function areLost(cluster: Cluster, tasks: readonly Task[], signal: AbortSignal): Promise<boolean> {
  const lost = await lostMachines(cluster, signal)
  return tasks.every(({ node }) => node !== undefined && lost.has(node))
}

/** The longest that a Blueprint may ask for. */
const longestGraceMs = 300_000

function stuck(tasks: readonly Task[]): PlimsollError {
  return new PlimsollError('ENGINE_DOWN', `${tasks.length} tasks do not end: ${tasks.map(({ id, node }) => `${id} on the machine ${node ?? 'of nobody'}`).join(', ')}`, {
    hint: 'Whether their machines are there: docker node ls. One that is gone for good: docker node rm --force NODE',
  })
}
