import type { ExecRequest, ExecResult } from '@plimsoll/engine'
import { randomBytes } from 'node:crypto'
import { withLock } from '../process/lock.ts'
import { logLine } from '../process/log-lines.ts'
import { lockName } from '../process/place.ts'
import { withNetwork } from './app-network.ts'
import { execBody } from './container-body.ts'
import { environmentOf } from '../container/container-environment.ts'
import { execCommandOf } from '../container/container-command.ts'
import { readContainerLog } from './container-log.ts'
import { create, inspect, remove, startWith, type Container } from './containers.ts'
import { exitOf } from '../container/exit-of.ts'
import { endlessly } from '../docker-engine/docker-engine.ts'
import { messageIn, refused } from '../docker-engine/engine-failure.ts'
import { wasLost } from './lost-run.ts'
import { containerName, type Marks } from '../container/place-labels.ts'
import { fileEntries } from '../container/placed-environment.ts'
import type { Yard } from './start-containers.ts'

const keptLines = 50

/** How long an end may take that nobody waits for by a signal any more. */
const cleanUpMs = 30_000

/**
 * Runs one command to its end in a container of its own. The container is its record: while it is there, a run that is to happen
 * once has begun, and its end and what it printed are known. Without `once` it is removed at its end, and one that was left
 * behind is ended first: two never run at once.
 */
export async function execInContainer(yard: Yard, request: ExecRequest, signal: AbortSignal): Promise<ExecResult> {
  const { place, clock, closing } = yard
  const lock = { name: lockName(place, `docker-exec/${request.app}/${request.unit.name}`), clock }
  return withLock(lock, async () => {
    const { container, isLost } = (await begun(yard, request, signal)) ?? { container: await createRun(yard, request, signal), isLost: false }
    try {
      if (container.status === 'created') await begin(yard, { request, container }, signal)
      return await untilItEnds(yard, { request, container, isLost }, AbortSignal.any([signal, ...(request.once ? [closing] : [])]))
    } finally {
      // Whoever closes the place leaves a run that happens once to the next one who asks for it.
      if (request.once === undefined || signal.aborted) await remove(yard, container.id, AbortSignal.timeout(cleanUpMs))
    }
  }, signal)
}

interface Run {
  readonly request: ExecRequest
  readonly container: Container
}

interface BegunRun {
  readonly container: Container
  /** As it was found: a command may well end with the same code by itself while it is waited for. */
  readonly isLost: boolean
}

/** The container of this very run, if it has begun and is not to begin again. */
async function begun(yard: Yard, { app, unit, once }: ExecRequest, signal: AbortSignal): Promise<BegunRun | undefined> {
  const container = await inspect(yard.engine, containerName(yard.place, app, { unit, which: 'exec' }), signal)
  if (container === undefined) return undefined
  if (once !== undefined && container.marks.run === once.name) {
    const isLost = await wasLost(yard.engine, container, signal)
    if (!isLost || once.whenLost === 'tell') return { container, isLost }
  }
  await remove(yard, container.id, signal)
  return undefined
}

async function createRun(yard: Yard, request: ExecRequest, signal: AbortSignal): Promise<Container> {
  const { engine, place, logging } = yard
  const { app, unit, spec, once, command } = request
  const image = await yard.imageOf(request, signal)
  const name = containerName(place, app, { unit, which: 'exec' })
  const marks: Marks = { app, unit, role: 'exec', id: `${unit.name}-exec-${randomBytes(4).toString('hex')}`, ...(once && { run: once.name }) }
  const body = execBody({ place, runnable: request, marks, image, command: execCommandOf(command, image), logging, size: await yard.sizeOf(spec.plan, signal) })
  await withNetwork(yard, app, { work: () => create(yard, { name, body, of: unit.service }, signal), signal })
  const container = await inspect(engine, name, signal)
  if (container === undefined) throw new Error(`the container ${name} was removed by somebody else`)
  return container
}

async function begin(yard: Yard, { request, container: { id, marks } }: Run, signal: AbortSignal): Promise<void> {
  const { service } = marks.unit
  const image = await yard.imageOf(request, signal)
  const { file } = environmentOf({ runnable: request, marks, command: execCommandOf(request.command, image) })
  const { status, body } = await startWith(yard, { id, of: service, entries: fileEntries(file, image.uid) }, signal)
  if (status >= 400) throw refused({ asked: `run a command of ${service}`, status, said: messageIn(body) })
}

async function untilItEnds({ engine }: Yard, { request, container, isLost }: Run & BegunRun, signal: AbortSignal): Promise<ExecResult> {
  const { id, marks } = container
  const { service, release } = request.unit
  const last: string[] = []
  for await (const { at, text } of readContainerLog(engine, { id, follow: true }, signal)) {
    request.output(logLine(text, new Date(at).toISOString(), { service, release, instance: marks.id, stream: 'out' }))
    last.push(text)
    last.splice(0, last.length - keptLines)
  }
  signal.throwIfAborted()
  await engine.call({ method: 'POST', path: `/containers/${id}/wait`, to: `run a command of ${service}`, also: [404], patienceMs: endlessly }, signal)
  const ended = await inspect(engine, id, signal)
  return { ...(ended === undefined || isLost ? { code: null, signal: null } : exitOf(ended.exitCode)), log: last }
}
