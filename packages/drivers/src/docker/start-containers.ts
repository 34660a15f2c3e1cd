import { allSettled, type RunnableUnit } from '@plimsoll/engine'
import { listens, PlimsollError, type PlanSize, type UnitSpec } from '@plimsoll/model'
import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { canListen } from '../process/ports.ts'
import { withNetwork } from './app-network.ts'
import { instanceBody, keptRunning, type ContainerRequest } from './container-body.ts'
import { environmentOf } from '../container/container-environment.ts'
import type { Logging } from '../container/logging.ts'
import { startCommandOf, type ContainerCommand } from '../container/container-command.ts'
import { create, findContainers, isUp, startWith, type Container, type Dock } from './containers.ts'
import { messageIn, refused } from '../docker-engine/engine-failure.ts'
import type { ImageFacts } from '../container/image-facts.ts'
import { containerName } from '../container/place-labels.ts'
import { fileEntries } from '../container/placed-environment.ts'
import type { SettledAddresses } from './settled-addresses.ts'
import { settlePolicy } from './settle-policy.ts'
import { endContainers } from './stop-containers.ts'
import { diskEntries, makeDisk } from './unit-disk.ts'
import { unitDirectory } from './unit-directory.ts'

/** What `start` and `exec` work with besides. */
export interface Yard extends Dock {
  readonly imageOf: (whose: Pick<RunnableUnit, 'app' | 'spec' | 'artifact'>, signal: AbortSignal) => Promise<ImageFacts>
  readonly sizeOf: (plan: string | undefined, signal: AbortSignal) => Promise<PlanSize | undefined>
  readonly addresses: SettledAddresses
  readonly logging: Logging
  /** Fires when the driver closes: whoever waits for a run that outlives us waits no longer. */
  readonly closing: AbortSignal
}

interface Starting {
  readonly runnable: RunnableUnit
  readonly count: number
  readonly image: ImageFacts
  readonly command: ContainerCommand
}

/** Makes the containers that are missing and starts those that do not run. Those of a unit that had more before are ended. */
export async function startContainers(yard: Yard, runnable: RunnableUnit, signal: AbortSignal): Promise<void> {
  const { app, unit, spec } = runnable
  const count = instanceCount(spec)
  await mkdir(unitDirectory(yard.place, app, unit), { recursive: true, mode: 0o700 })
  const before = await findContainers(yard, { app, unit, role: 'instance' }, signal)
  // A stop that was cut off may have said already that they are not to run.
  await allSettled(before.filter(({ isKept }) => !isKept).map(({ id }) => settlePolicy(yard, { id, policy: keptRunning }, signal)))
  if (before.filter(isUp).length < count) await startMissing(yard, { runnable, count, before }, signal)
  await endContainers(yard, { containers: before.filter(({ marks: { index = 0 } }) => index >= count), graceMs: spec.maxShutdownDelayMs }, signal)
}

async function startMissing(yard: Yard, { runnable, count, before }: Pick<Starting, 'runnable' | 'count'> & { readonly before: readonly Container[] }, signal: AbortSignal): Promise<void> {
  const { app, unit, spec } = runnable
  const image = await yard.imageOf(runnable, signal)
  const starting: Starting = { runnable, count, image, command: startCommandOf(image.isWritten ? undefined : spec.startCommand, image) }
  const known = new Set(before.map(({ marks: { index } }) => index))
  await createInstances(yard, { ...starting, missing: Array.from({ length: count }, (_, index) => index).filter((index) => !known.has(index)) }, signal)
  const containers = await findContainers(yard, { app, unit, role: 'instance' }, signal)
  const wanted = containers.filter((container) => (container.marks.index ?? 0) < count && !isUp(container))
  await allSettled(wanted.map((container) => startOne(yard, { ...starting, container }, signal)))
}

async function createInstances(yard: Yard, starting: Starting & { readonly missing: readonly number[] }, signal: AbortSignal): Promise<void> {
  const { place, logging } = yard
  const { runnable, count, missing, image, command } = starting
  const { app, unit, spec } = runnable
  if (missing.length === 0) return
  const addresses = listens(spec.kind) ? await yard.addresses(app, unit, count) : []
  const size = await yard.sizeOf(spec.plan, signal)
  await makeDisk(yard, runnable, signal)
  const work = () => allSettled(missing.map((index) => {
    const marks = { app, unit, role: 'instance' as const, index, id: `${unit.name}-${index}-${randomBytes(4).toString('hex')}` }
    const request: ContainerRequest = { place, runnable, marks, image, command, logging, size }
    return create(yard, { name: containerName(place, app, { unit, which: index }), body: instanceBody(request, addresses[index]), of: spec.service }, signal)
  }))
  await withNetwork(yard, app, { work, signal })
}

async function startOne(yard: Yard, { runnable, image, command, container }: Starting & { readonly container: Container }, signal: AbortSignal): Promise<void> {
  const { id, marks, address } = container
  const { service } = marks.unit
  const { file } = environmentOf({ runnable, marks, command })
  const { status, body } = await startWith(yard, { id, of: service, entries: [...diskEntries(runnable, image.uid), ...fileEntries(file, image.uid)] }, signal)
  if (status < 400) return
  // An address that is not this machine's own says nothing.
  if (address !== undefined && !(await canListen(address.port, address.host).catch(() => true))) {
    throw new PlimsollError('PORT_TAKEN', `${service} is to be reached at ${address.host}:${address.port}, and something else listens there`, {
      hint: `See what it is: ss -ltnp 'sport = :${address.port}'`, details: { service },
    })
  }
  throw refused({ asked: `start a container of ${service}`, status, said: messageIn(body) })
}

/** Static sites are served by the edge, cron jobs run by `exec`, key-value servers belong to no release. */
function instanceCount({ kind, instances }: UnitSpec): number {
  return kind === 'web' || kind === 'pserv' || kind === 'worker' ? instances : 0
}
