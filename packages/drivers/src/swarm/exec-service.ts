import type { ExecRequest, ExecResult } from '@plimsoll/engine'
import { PlimsollError } from '@plimsoll/model'
import { randomBytes } from 'node:crypto'
import { execCommandOf } from '../container/container-command.ts'
import { exitOf } from '../container/exit-of.ts'
import { withLock } from '../process/lock.ts'
import { logLine } from '../process/log-lines.ts'
import { lockName } from '../process/place.ts'
import { execName } from './cluster-names.ts'
import { dropUnneeded } from './cluster-network.ts'
import { findService, hasEnded, isPlaced, nameOfLost, tasksOf, type ClusterService, type Task } from './cluster.ts'
import { execSpec, type ServiceRequest } from './service-spec.ts'
import { create, referenceOf, type Yard } from './start-service.ts'
import { endServices } from './stop-service.ts'
import { readTaskLog } from './task-log.ts'
import { untilPlaced } from './until-placed.ts'

const keptLines = 50
const pollMs = 100
/** How long an end may take that nobody waits for by a signal any more. */
const cleanUpMs = 60_000

/**
 * Runs one command to its end as a service of its own with one task, which the cluster starts once. The service is its record: while it is there, a run that is to happen
 * once has begun, and its end and what it printed are known. Without `once` it is removed at its end, and one that was left
 * behind is ended first: two never run at once.
 *
 * A machine that is cut off goes on with what it was running, and the cluster takes that for over. So the run has not ended before its machine is back, which tells or is told its
 * end, or before somebody has removed the machine from the cluster, and with it said that nothing runs there.
 */
export async function execInCluster(yard: Yard, request: ExecRequest, signal: AbortSignal): Promise<ExecResult> {
  const { place, clock, closing } = yard
  const lock = { name: lockName(place, `swarm-exec/${request.app}/${request.unit.name}`), clock }
  return withLock(lock, async () => {
    for (;;) {
      const service = (await begun(yard, request, signal)) ?? (await createRun(yard, request, signal))
      try {
        const end = await untilItEnds(yard, { request, service }, AbortSignal.any([signal, ...(request.once ? [closing] : [])]))
        if (end.code !== null || end.signal !== null || request.once?.whenLost !== 'again') return end
        // Somebody has ended it on purpose.
        if ((await findService(yard, execName(place, request.app, request.unit), signal)) === undefined) return end
      } finally {
        // Whoever closes the place leaves a run that happens once to the next one who asks for it.
        if (request.once === undefined || signal.aborted) await forget(yard, service, AbortSignal.timeout(cleanUpMs))
      }
    }
  }, signal)
}

/** The service of this very run, if it has begun and is not to begin again. */
async function begun(yard: Yard, { app, unit, once }: ExecRequest, signal: AbortSignal): Promise<ClusterService | undefined> {
  const found = await findService(yard, execName(yard.place, app, unit), signal)
  if (found === undefined) return undefined
  if (once !== undefined && found.marks.run === once.name) {
    const [task] = await tasksOf(yard, [found.id], signal)
    if (once.whenLost === 'tell' || task === undefined || !wasLost(task)) return found
  }
  await forget(yard, found, signal)
  return undefined
}

/** That the cluster ended it, because its machine was drained or had been away, or that its machine was removed: how far it came nobody knows. */
function wasLost({ state }: Task): boolean {
  return state === 'shutdown' || state === 'remove' || state === 'orphaned'
}

async function forget(yard: Yard, service: ClusterService, signal: AbortSignal): Promise<void> {
  await endServices(yard, [service], signal)
  await dropUnneeded(yard, service.marks.app, signal)
}

async function createRun(yard: Yard, request: ExecRequest, signal: AbortSignal): Promise<ClusterService> {
  const { place, logging, constraints } = yard
  const { app, unit, spec, once } = request
  const image = await yard.imageOf(request, signal)
  const id = `${unit.name}-exec-${randomBytes(4).toString('hex')}`
  const wanted: ServiceRequest = {
    place, runnable: request, marks: { app, unit, role: 'exec', id, ...(once && { run: once.name }) }, reference: referenceOf(request), image,
    command: execCommandOf(request.command, image), logging, size: await yard.sizeOf(spec.plan, signal), constraints,
  }
  return create(yard, { request: wanted, of: (secretId) => execSpec(wanted, { secretId }) }, signal)
}

interface Run {
  readonly request: ExecRequest
  readonly service: ClusterService
}

async function untilItEnds(yard: Yard, { request, service }: Run, signal: AbortSignal): Promise<ExecResult> {
  const { id, marks } = service
  const last: string[] = []
  let at: string | undefined
  const hear = async (task: string, follow: boolean, until: AbortSignal) => {
    for await (const line of readTaskLog(yard.managers, { id: task, after: at, follow }, until)) {
      at = line.at
      request.output(logLine(line.text, new Date(at).toISOString(), { service: marks.unit.service, release: marks.unit.release, instance: marks.id, stream: 'out' }))
      last.push(line.text)
      last.splice(0, last.length - keptLines)
    }
  }
  const tell = (text: string): void => request.output(logLine(text, new Date(yard.clock.now()).toISOString(), { service: marks.unit.service, release: marks.unit.release, instance: marks.id, stream: 'plimsoll' }))
  await untilPlaced(yard, { service: id, image: service.image, count: 1, of: marks.unit.service, isOnce: true }, signal)
  const task = await hearUntilEnd(yard, { service: id, hear, tell }, signal)
  if (task === undefined) return { code: null, signal: null, log: last }
  // A cluster does not say that all has been told: what is left is asked for once more.
  if (task.hasContainer) await hear(task.id, false, signal)
  signal.throwIfAborted()
  if (task.state === 'rejected') throw new PlimsollError('ENGINE_REFUSED', `The cluster could not run a command of ${marks.unit.service}: ${task.says}`, { hint: 'Whether its machines get the image: docker pull, on one of them' })
  return { ...(wasLost(task) ? { code: null, signal: null } : exitOf(task.exitCode)), log: last }
}

interface Hearing {
  readonly service: string
  readonly hear: (task: string, follow: boolean, until: AbortSignal) => Promise<void>
  /** What is not of the command itself. */
  readonly tell: (text: string) => void
}

/** Hands on what the task prints while it runs. Undefined when somebody has removed it. */
async function hearUntilEnd(yard: Yard, { service, hear, tell }: Hearing, signal: AbortSignal): Promise<Task | undefined> {
  const ended = new AbortController()
  let hearing: Promise<unknown> | undefined
  let isToldAway = false
  try {
    for (;;) {
      const [task] = await tasksOf(yard, [service], signal)
      if (task === undefined || hasEnded(task)) return task
      const machine = isToldAway || task.wanted !== 'shutdown' ? undefined : await nameOfLost(yard, task, signal)
      if (machine !== undefined) {
        tell(`The machine ${machine} is away, and what it runs may go on there: this is over when it is back, or was removed for good (docker node rm --force ${machine})`)
        isToldAway = true
      }
      // What breaks off is told in the end, when all is read once more.
      if (isPlaced(task) && task.hasContainer) hearing ??= hear(task.id, true, AbortSignal.any([signal, ended.signal])).catch(() => undefined)
      await yard.clock.sleep(pollMs, signal)
    }
  } finally {
    ended.abort()
    await hearing
  }
}
