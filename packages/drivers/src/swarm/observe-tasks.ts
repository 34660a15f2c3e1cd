import { listens, type AppName, type Instance, type ServiceKind, type Unit } from '@plimsoll/model'
import { exitOf } from '../container/exit-of.ts'
import { instanceAddress } from './cluster-names.ts'
import { endingTasks, findServices, hasEnded, type Cluster, type ClusterService, type Task } from './cluster.ts'

/** What in the id of a unit's instances stands for the number of the instance: a cluster replaces it. */
export const slotMark = '{{.Task.Slot}}'

/** What runs for this app, as the cluster tells it: also what was told to end, and has not. */
export async function observeTasks(cluster: Cluster, app: AppName, signal: AbortSignal): Promise<readonly Instance[]> {
  const services = await findServices(cluster, { app }, signal)
  const tasks = await cluster.tasks(signal)
  const instances = services.filter(({ marks }) => marks.role === 'instance').flatMap((service) => instancesOf(service, tasks.filter((task) => task.service === service.id)))
  const ending = (await endingTasks(cluster, { app, services, tasks }, signal)).filter(({ marks, task }) => marks.role === 'instance' && task.state === 'running')
  return [...instances, ...ending.map(({ marks, task }): Instance => ({ id: marks.id.replace(slotMark, String(task.slot)), unit: marks.unit, restarts: 0, ...stateOf(task, undefined) }))]
}

/** Every unit of which the cluster has a service, also those of which only a command is there. */
export async function unitsInCluster(cluster: Cluster, app: AppName, signal: AbortSignal): Promise<readonly Unit[]> {
  return [...new Map((await findServices(cluster, { app }, signal)).map(({ marks: { unit } }) => [unit.name, unit])).values()]
}

/** The instances of a unit, by all runs of them that the cluster remembers, the oldest first. */
export function instancesOf({ marks, replicas, spec }: Pick<ClusterService, 'marks' | 'replicas' | 'spec'>, tasks: readonly Task[]): readonly Instance[] {
  const slots = Array.from({ length: replicas }, (_, index) => index + 1)
  return slots.flatMap((slot) => {
    const runs = tasks.filter((task) => task.slot === slot)
    const now = runs.at(-1)
    if (now === undefined) return []
    const ends = runs.filter(endedByItself)
    const address = isListening(spec) ? { address: instanceAddress(marks.app, marks.unit, slot - 1) } : {}
    return [{ id: marks.id.replace(slotMark, String(slot)), unit: marks.unit, restarts: ends.filter((task) => task !== now).length, ...address, ...stateOf(now, ends.at(-1)) }]
  })
}

/** What was taken to another machine, or told to end, has not ended by itself. */
function endedByItself({ state }: Task): boolean {
  return state === 'failed' || state === 'complete' || state === 'rejected'
}

/** `last` is the newest run that ended by itself, if any did. */
function stateOf(now: Task, last: Task | undefined): Pick<Instance, 'state' | 'pid' | 'startedAt' | 'exit'> {
  const exit = last && { exit: { ...exitOf(last.exitCode), ...(last.says !== '' && last.exitCode === 0 && { because: last.says }) } }
  if (now.state === 'running') return { state: 'running', startedAt: now.since, ...(now.pid > 0 && { pid: now.pid }) }
  if (hasEnded(now)) return { state: 'exited', startedAt: now.since, ...exit }
  // Its successor is made at once, and waits.
  return exit === undefined ? { state: 'starting' } : { state: 'backing-off', ...exit }
}

const kindKey = 'plimsoll.kind'

/** What a unit's service carries, so that whoever observes knows whether it listens. */
export function kindLabel(kind: ServiceKind): Record<string, string> {
  return { [kindKey]: listens(kind) ? 'listens' : 'works' }
}

function isListening({ Labels }: ClusterService['spec']): boolean {
  return Labels?.[kindKey] === 'listens'
}
