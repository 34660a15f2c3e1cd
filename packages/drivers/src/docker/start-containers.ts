import { allSettled, type RunnableUnit } from '@plimsoll/engine'
import { listens, PlimsollError, type UnitSpec } from '@plimsoll/model'
import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { canListen } from '../process/ports.ts'
import { withNetwork } from './app-network.ts'
import { instanceBody, type Logging } from './container-body.ts'
import { startCommandOf } from './container-command.ts'
import { create, findContainers, isUp, type Container, type Dock } from './containers.ts'
import type { ImageFacts } from './image-facts.ts'
import { messageIn, refused } from './engine/engine-failure.ts'
import { containerName } from './place-labels.ts'
import type { SettledAddresses } from './settled-addresses.ts'
import { endContainers } from './stop-containers.ts'
import { unitDirectory } from './unit-directory.ts'

/** What `start` and `exec` work with besides. */
export interface Yard extends Dock {
  readonly imageOf: (artifact: RunnableUnit['artifact'], signal: AbortSignal) => Promise<ImageFacts>
  readonly addresses: SettledAddresses
  readonly logging: Logging
  /** Fires when the driver closes: whoever waits for a run that outlives us waits no longer. */
  readonly closing: AbortSignal
}

/** Makes the containers that are missing and starts those that do not run. Those of a unit that had more before are ended. */
export async function startContainers(yard: Yard, runnable: RunnableUnit, signal: AbortSignal): Promise<void> {
  const { app, unit, spec } = runnable
  const count = instanceCount(spec)
  await mkdir(unitDirectory(yard.place, app, unit), { recursive: true, mode: 0o700 })
  if (count > 0) await createMissing(yard, { runnable, count }, signal)
  const containers = await findContainers(yard, { app, unit, role: 'instance' }, signal)
  const isWanted = ({ marks: { index = 0 } }: Container) => index < count
  await allSettled(containers.filter(isWanted).map((container) => startOne(yard, container, signal)))
  await endContainers(yard, { containers: containers.filter((each) => !isWanted(each)), graceMs: spec.maxShutdownDelayMs }, signal)
}

async function createMissing(yard: Yard, { runnable, count }: { readonly runnable: RunnableUnit; readonly count: number }, signal: AbortSignal): Promise<void> {
  const { place, logging } = yard
  const { app, unit, spec } = runnable
  const known = new Set((await findContainers(yard, { app, unit, role: 'instance' }, signal)).map(({ marks: { index } }) => index))
  const missing = Array.from({ length: count }, (_, index) => index).filter((index) => !known.has(index))
  if (missing.length === 0) return
  const image = await yard.imageOf(runnable.artifact, signal)
  const command = startCommandOf(spec.startCommand, image)
  const addresses = listens(spec.kind) ? await yard.addresses(app, unit, count) : []
  const work = () => allSettled(missing.map((index) => {
    const marks = { app, unit, role: 'instance' as const, index, id: `${unit.name}-${index}-${randomBytes(4).toString('hex')}` }
    const body = instanceBody({ place, runnable, marks, image, command, logging }, addresses[index])
    return create(yard, { name: containerName(place, app, { unit, which: index }), body, of: spec.service }, signal)
  }))
  await withNetwork(yard, app, { work, signal })
}

async function startOne({ engine }: Dock, container: Container, signal: AbortSignal): Promise<void> {
  if (isUp(container)) return
  const { id, marks: { unit: { service } }, address } = container
  const asked = `start a container of ${service}`
  // 304: somebody else has started it, and counts as success.
  const { status, body } = await engine.call({ method: 'POST', path: `/containers/${id}/start`, to: asked, also: [400, 404, 409, 500] }, signal)
  if (status < 400) return
  // An address that is not this machine's own says nothing.
  if (address !== undefined && !(await canListen(address.port, address.host).catch(() => true))) {
    throw new PlimsollError('PORT_TAKEN', `${service} is to be reached at ${address.host}:${address.port}, and something else listens there`, {
      hint: `See what it is: ss -ltnp 'sport = :${address.port}'`, details: { service },
    })
  }
  throw refused({ asked, status, said: messageIn(body) })
}

/** Static sites are served by the edge, cron jobs run by `exec`, key-value servers belong to no release. */
function instanceCount({ kind, instances }: UnitSpec): number {
  return kind === 'web' || kind === 'pserv' || kind === 'worker' ? instances : 0
}

