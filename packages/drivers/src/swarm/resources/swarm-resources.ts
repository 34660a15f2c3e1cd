import { allSettled, inParallel, type Clock, type Resources } from '@plimsoll/engine'
import { ownerOfCopy, sizeInPlanName, type Address, type AppName, type WantedResources } from '@plimsoll/model'
import { defaultLogging } from '../../container/logging.ts'
import type { DockerEngine } from '../../docker-engine/docker-engine.ts'
import { resourceFilter } from '../../container/place-labels.ts'
import type { CopyServers } from '../../docker/resources/copy-servers.ts'
import { keyValueFile, passwordFile, resourceHost, shapes, type DatabaseAccount, type ResourceName } from '../../docker/resources/resource-body.ts'
import type { TarEntry } from '../../container/tar.ts'
import { openPlace } from '../../process/place.ts'
import type { Registry } from '../../registry/registry.ts'
import { clusterResourceName, contentName } from '../cluster-names.ts'
import { dropUnneeded } from '../cluster-network.ts'
import { openCluster } from '../cluster.ts'
import type { DiskName } from '../disks/disks.ts'
import { createDoors } from '../doors.ts'
import { isAway } from '../is-away.ts'
import { openManagers } from '../open-managers.ts'
import { copyServices } from './copy-services.ts'
import { endResources } from './end-resources.ts'
import { databaseSpec, keyValueSpec, type ResourceSpecRequest } from './resource-spec.ts'
import { settleResourceService } from './settle-resource-service.ts'

type WantedDatabase = WantedResources['databases'][number]
type WantedKeyValue = WantedResources['keyValues'][number]

export interface SwarmResourcesOptions {
  /** That of the driver: everything is labelled with its id. */
  readonly home: string
  readonly managers: readonly [DockerEngine, ...DockerEngine[]]
  readonly registry: Pick<Registry, 'pin' | 'authorization'>
  readonly clock: Clock
  /** By kind, as on Docker; `{major}` in that of databases stands for the version that is wanted. What is there keeps its own. */
  readonly images: { readonly database: string; readonly keyvalue: string }
  /** The label of the machines that may keep data: `plimsoll.data` for `node.labels.plimsoll.data == true`. */
  readonly label: string
  /** The account of a database: the same for ever. */
  readonly accountOf: (app: AppName, wanted: WantedDatabase) => Promise<DatabaseAccount>
  /** The password of a key-value service: the same for ever. */
  readonly passwordOf: (app: AppName, name: string) => Promise<string>
  readonly forget: (app: AppName) => Promise<void>
  /** Where this machine reaches an address of an app's network. */
  readonly near: (app: AppName, address: Address) => Promise<Address>
  /** Settles where the disk of a service is. */
  readonly keepDisk: (app: AppName, disk: DiskName, signal: AbortSignal) => Promise<void>
}

export interface SwarmResources extends Resources {
  /** Ends all of them, of every app, with their data kept; `ensure` starts them again. Twice is once. */
  stop(signal: AbortSignal): Promise<void>
  /** Where a database is in the network of its app; undefined for one that is not there. */
  readonly reach: (which: { readonly app: AppName; readonly name: string }, signal: AbortSignal) => Promise<Address | undefined>
  /** For verifications. */
  readonly copyServers: CopyServers
}

/** Of PostgreSQL, where the Blueprint names none: the newest, as on Render. */
const newestMajor = '18'

/**
 * Databases and key-value services as services of the cluster with one task each, on a machine with a label, where their volume is. Which one was chosen when they were made
 * stands in the service itself, and stays. A machine that is lost takes them along, until it is back.
 */
export function createSwarmResources({ home, managers: engines, clock, registry, images, label, accountOf, passwordOf, forget, near, keepDisk }: SwarmResourcesOptions): SwarmResources {
  const place = openPlace(home)
  const managers = openManagers({ engines, clock })
  // No door is ever opened by it, and an app's is shut by its name.
  const cluster = openCluster({ managers, place, clock, doors: createDoors({ engines, place, image: '', login: async () => ({}) }) })
  const settle = async (given: { readonly resource: ResourceName; readonly image: string; readonly plan?: string | undefined; readonly file: readonly TarEntry[]; readonly spec: (request: ResourceSpecRequest) => Record<string, unknown> }, signal: AbortSignal) => {
    const { resource, plan, file, spec } = given
    const data = file.find(({ content }) => content !== undefined)?.content?.toString() ?? ''
    const wanted = { app: resource.app, service: resource.name, image: { reference: given.image } }
    await settleResourceService(cluster, {
      // What is thrown away stays nowhere.
      resource, label: ownerOfCopy(resource.app) === undefined ? label : undefined, secret: { name: contentName(resource.kind, [place.id, clusterResourceName(place, resource), data]), data },
      pin: (until) => registry.pin(wanted, until), login: (until) => registry.authorization(wanted, until),
      spec: (parts) => spec({ place, resource, logging: defaultLogging, size: sizeInPlanName(plan), ...parts }),
    }, signal)
  }
  const imageFor = (majorVersion = newestMajor): string => images.database.replaceAll('{major}', majorVersion)
  const database = async (app: AppName, wanted: WantedDatabase, signal: AbortSignal) => {
    const { role, database: name, password } = await accountOf(app, wanted)
    const resource: ResourceName = { app, kind: 'database', name: wanted.name }
    await settle({ resource, image: imageFor(wanted.majorVersion), plan: wanted.plan, file: passwordFile(password), spec: (request) => databaseSpec(request, { role, database: name }) }, signal)
    return [wanted.name, { host: resourceHost(resource), port: shapes.database.port, user: role, password, database: name }] as const
  }
  const keyValue = async (app: AppName, wanted: WantedKeyValue, signal: AbortSignal) => {
    const password = await passwordOf(app, wanted.name)
    const resource: ResourceName = { app, kind: 'keyvalue', name: wanted.name }
    await settle({ resource, image: images.keyvalue, plan: wanted.plan, file: keyValueFile({ ...wanted, password }), spec: keyValueSpec }, signal)
    return [wanted.name, { host: resourceHost(resource), port: shapes.keyvalue.port, password }] as const
  }
  const destroy: Resources['destroy'] = async (app, signal) => {
    for (const kind of ['database', 'keyvalue', 'disk'] as const) {
      // A volume has the name of its service.
      for (const name of await endResources(cluster, { filters: resourceFilter(place, { app, kind }), forEver: true }, signal)) await removeVolume({ engines, clock }, name, signal)
    }
    // What is thrown away nobody asks for again, and it is gone when that is said.
    for (const until = clock.now() + (ownerOfCopy(app) === app ? releaseMs : 0); !(await dropUnneeded(cluster, app, signal)) && clock.now() < until; await clock.sleep(pollMs, signal));
    await forget(app)
  }
  return {
    async reach({ app, name }, signal) {
      const resource: ResourceName = { app, kind: 'database', name }
      const { status } = await managers.call({ path: `/services/${clusterResourceName(place, resource)}`, to: `look for ${name} of ${app}`, also: [404] }, signal)
      return status === 404 ? undefined : { host: resourceHost(resource), port: shapes.database.port }
    },
    destroy, copyServers: copyServices({ imageFor, settle, near, destroy }),
    async ensure(app, { databases, keyValues, disks = [] }, signal) {
      const [made, kept] = await Promise.all([
        inParallel({ signal }, databases, (wanted, each) => database(app, wanted, each.signal)),
        inParallel({ signal }, keyValues, (wanted, each) => keyValue(app, wanted, each.signal)),
        inParallel({ signal }, disks, (wanted, each) => keepDisk(app, wanted, each.signal)),
      ])
      return { databases: Object.fromEntries(made), keyValues: Object.fromEntries(kept) }
    },
    async stop(signal) {
      for (const kind of ['database', 'keyvalue'] as const) await endResources(cluster, { filters: resourceFilter(place, { kind }), forEver: false }, signal)
    },
  }
}

/** How long a machine may take to remove the container that had it. */
const releaseMs = 30_000
const pollMs = 250

/** A volume is known to its own machine alone: that of a machine that is no manager, or is away, stays there, under its name. */
async function removeVolume({ engines, clock }: { readonly engines: readonly DockerEngine[]; readonly clock: Clock }, name: string, signal: AbortSignal): Promise<void> {
  const until = clock.now() + releaseMs
  const to = `delete the volume ${name}`
  await allSettled(engines.map(async (engine) => {
    try {
      // 409: something has it yet. The last answer is the one that counts.
      while ((await engine.call({ method: 'DELETE', path: `/volumes/${name}`, query: { force: true }, to, also: clock.now() < until ? [404, 409] : [404] }, signal)).status === 409) await clock.sleep(pollMs, signal)
    } catch (error) {
      if (!isAway(error)) throw error
    }
  }))
}
