import type { RunnableUnit } from '@plimsoll/engine'
import { PlimsollError, type PlanSize, type UnitSpec } from '@plimsoll/model'
import { randomBytes } from 'node:crypto'
import type { Logging } from '../container/logging.ts'
import { startCommandOf } from '../container/container-command.ts'
import type { ImageFacts } from '../container/image-facts.ts'
import { serviceName } from './cluster-names.ts'
import { withClusterNetwork } from './cluster-network.ts'
import { findService, type Cluster, type ClusterService } from './cluster.ts'
import { settleSecret } from './content-secrets.ts'
import { keptDisk } from './disks/disk-spec.ts'
import type { Disks } from './disks/disks.ts'
import { healthCheckOf } from './health-check.ts'
import { kindLabel, slotMark } from './observe-tasks.ts'
import { environmentSecret, instancesSpec, type ServiceRequest } from './service-spec.ts'
import { paceOfCluster } from './start-pace.ts'
import { untilPlaced } from './until-placed.ts'

/** What `start` and `exec` work with besides. */
export interface Yard extends Cluster {
  readonly imageOf: (whose: Pick<RunnableUnit, 'app' | 'spec' | 'artifact'>, signal: AbortSignal) => Promise<ImageFacts>
  readonly sizeOf: (plan: string | undefined, signal: AbortSignal) => Promise<PlanSize | undefined>
  /** What machines have to show at the registry from where they pull. */
  readonly loginOf: (whose: Pick<RunnableUnit, 'app' | 'spec' | 'artifact'>, signal: AbortSignal) => Promise<Readonly<Record<string, string>>>
  readonly logging: Logging
  readonly constraints: readonly string[]
  readonly disks: Disks
  /** Fires when the driver closes: whoever waits for a run that outlives us waits no longer. */
  readonly closing: AbortSignal
}

/** Makes the unit's service unless the cluster has it, gives it the wanted number of instances, and waits until each of them has a container. */
export async function startService(yard: Yard, runnable: RunnableUnit, signal: AbortSignal): Promise<void> {
  const { app, unit, spec } = runnable
  if (instanceCount(spec) === 0) return
  const [name, reference] = [serviceName(yard.place, app, unit), referenceOf(runnable)]
  const found = (await findService(yard, name, signal)) ?? (await createService(yard, runnable, signal))
  if (found.replicas !== spec.instances || found.image !== reference) await settle(yard, { runnable, image: reference }, signal)
  const disk = keptDisk(runnable)
  const whyHomeless = disk && ((until: AbortSignal) => yard.disks.whyNotThere(app, { service: spec.service, name: disk.name }, until))
  await untilPlaced(yard, { service: found.id, image: reference, count: spec.instances, of: spec.service, whyHomeless }, signal)
}

async function createService(yard: Yard, runnable: RunnableUnit, signal: AbortSignal): Promise<ClusterService> {
  const { place, logging, constraints } = yard
  const { app, unit, spec } = runnable
  const image = await yard.imageOf(runnable, signal)
  const command = startCommandOf(image.isWritten ? undefined : spec.startCommand, image)
  const check = healthCheckOf(spec, image, await paceOfCluster(yard.managers, signal))
  const id = `${unit.name}-${slotMark}-${randomBytes(4).toString('hex')}`
  const machine = await machineOf(yard, runnable, { uid: image.uid, signal })
  const request: ServiceRequest = { place, runnable, marks: { app, unit, role: 'instance', id }, reference: referenceOf(runnable), image, command, logging, size: await yard.sizeOf(spec.plan, signal), constraints, machine }
  return create(yard, { request, of: (secretId) => instancesSpec(request, { secretId, check, labels: kindLabel(spec.kind) }) }, signal)
}

/** The only one where it may run: that of its disk, which is the user's of its image then. Undefined for what has none. */
async function machineOf({ disks }: Yard, runnable: RunnableUnit, { uid, signal }: { readonly uid: number; readonly signal: AbortSignal }): Promise<string | undefined> {
  const { app, spec: { service } } = runnable
  const disk = keptDisk(runnable)
  if (disk === undefined) return undefined
  const machine = await disks.settle(app, { service, name: disk.name }, signal)
  await disks.give(app, { service, name: disk.name, uid }, signal)
  return machine
}

/** Makes a service with its secret; one of its name that is there already is the same. */
export async function create(yard: Yard, { request, of }: { readonly request: ServiceRequest; readonly of: (secretId: string | undefined) => Record<string, unknown> }, signal: AbortSignal): Promise<ClusterService> {
  const { app, spec } = request.runnable
  const headers = await yard.loginOf(request.runnable, signal)
  const secret = environmentSecret(request)
  const name = String(of(undefined)['Name'])
  await withClusterNetwork(yard, app, { signal, async work() {
    const secretId = secret && (await settleSecret(yard, { app, secret }, signal))
    // 409: somebody else was faster, or an answer was lost, and the name says that it is the same.
    await yard.managers.call({ method: 'POST', path: '/services/create', body: of(secretId), headers, to: `run ${spec.service} in the cluster`, also: [409] }, signal)
  } })
  const made = await findService(yard, name, signal)
  if (made === undefined) throw new Error(`the service ${name} was removed by somebody else`)
  return made
}

/** For how long somebody else may go on changing the same service. */
const settleMs = 30_000
const pauseMs = 100

/** Gives a service the number of instances that is wanted, and takes back another image than its own, which only somebody else can have given it. */
async function settle(yard: Yard, { runnable: { app, unit, spec }, image }: { readonly runnable: RunnableUnit; readonly image: string }, signal: AbortSignal): Promise<void> {
  const { managers, clock, place } = yard
  const to = `run ${spec.instances} of ${spec.service} in the cluster`
  for (const until = clock.now() + settleMs; ; await clock.sleep(pauseMs, signal)) {
    const found = await findService(yard, serviceName(place, app, unit), signal)
    if (found === undefined || (found.replicas === spec.instances && found.image === image)) return
    const { TaskTemplate } = found.spec
    const body = { ...found.spec, Mode: { Replicated: { Replicas: spec.instances } }, TaskTemplate: { ...TaskTemplate, ContainerSpec: { ...TaskTemplate.ContainerSpec, Image: image } } }
    // 500: what was read is not the newest any more, also because an answer was lost. It is read again.
    const { status } = await managers.call({ method: 'POST', path: `/services/${found.id}/update`, query: { version: found.version }, body, to, ...(clock.now() < until && { also: [500] }) }, signal)
    if (status < 400) return
  }
}

/** `name@sha256:…`: the one name by which every machine gets the same image, also one that joins tomorrow. Throws `PLACE_CANNOT`. */
export function referenceOf({ spec, artifact: { image } }: Pick<RunnableUnit, 'spec' | 'artifact'>): string {
  if (image?.includes('@sha256:') === true) return image
  throw new PlimsollError('PLACE_CANNOT', `${spec.service} has no image in a registry, and a cluster runs nothing else: each of its machines has to pull it`, {
    hint: 'Name the registry of the place in plimsoll.config.ts', details: { service: spec.service },
  })
}

/** Static sites are served by the edge, cron jobs run by `exec`, key-value servers belong to no release. */
function instanceCount({ kind, instances }: UnitSpec): number {
  return kind === 'web' || kind === 'pserv' || kind === 'worker' ? instances : 0
}
