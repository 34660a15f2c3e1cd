import { inParallel, type Clock, type Resources } from '@plimsoll/engine'
import type { Address, AppName, WantedResources } from '@plimsoll/model'
import { z } from 'zod'
import { dropNetwork } from '../app-network.ts'
import { keyValueSettings } from '../../process/key-value-config.ts'
import { openPlace } from '../../process/place.ts'
import { defaultLogging, type Logging } from '../../container/logging.ts'
import { halt, remove, type Dock } from '../containers.ts'
import type { DockerEngine } from '../../docker-engine/docker-engine.ts'
import type { Registry } from '../../registry/registry.ts'
import { resourceFilter } from '../../container/place-labels.ts'
import { databaseSize } from '../plan-book.ts'
import { settleHost } from '../settled-addresses.ts'
import { copyServers, type CopyServers } from './copy-servers.ts'
import { reachDatabase } from './reach-database.ts'
import { databaseBody, keyValueBody, keyValueFile, passwordFile, resourceHost, shapes, type DatabaseAccount, type ResourceName } from './resource-body.ts'
import { resize, settleResource, type SuppliedDock } from './settle-resource.ts'
import { untilReady } from './until-ready.ts'

export interface DockerResourcesOptions {
  /** That of the driver: everything is labelled with its id. */
  readonly home: string
  readonly engine: DockerEngine
  /** Where images come from that the engine does not have. */
  readonly registry: Pick<Registry, 'fetch'>
  readonly clock: Clock
  /** By kind: an official image, or one that is called the same way; `{major}` in that of databases stands for the version that is wanted. Used for what is made from now on; what is there keeps its own. */
  readonly images: { readonly database: string; readonly keyvalue: string }
  /** How the engine keeps what is printed; up to three files of 10 MB for each unless given. */
  readonly logging?: Logging | undefined
  /** The account of a database: the same for ever. */
  readonly accountOf: (app: AppName, wanted: WantedDatabase) => Promise<DatabaseAccount>
  /** The password of a key-value service: the same for ever. */
  readonly passwordOf: (app: AppName, name: string) => Promise<string>
  readonly forget: (app: AppName) => Promise<void>
}

interface Yard extends Omit<DockerResourcesOptions, 'home' | 'engine' | 'registry' | 'clock' | 'logging'> {
  readonly dock: SuppliedDock
  readonly logging: Logging
}

type WantedDatabase = WantedResources['databases'][number]

export interface DockerResources extends Resources {
  /** Ends all of them, of every app, with their data kept; `ensure` starts them again. Twice is once. */
  stop(signal: AbortSignal): Promise<void>
  /** Where Plimsoll itself reaches a database; see {@link reachDatabase}. */
  readonly reach: (which: { readonly app: AppName; readonly name: string }, signal: AbortSignal) => Promise<Address | undefined>
  /** For verifications. */
  readonly copyServers: CopyServers
}

/** Databases and key-value services as containers with volumes that outlive every release, and that a restart of the machine brings back. What is destroyed are the disks of services, too. */
export function createDockerResources({ home, engine, registry, clock, logging = defaultLogging, ...given }: DockerResourcesOptions): DockerResources {
  const options: Yard = { ...given, logging, dock: { engine, registry, clock, place: openPlace(home) } }
  const destroy: Resources['destroy'] = async (app, signal) => destroyAll(options, app, signal)
  return {
    destroy,
    reach: (which, signal) => reachDatabase(options.dock, which, signal),
    copyServers: copyServers({ dock: options.dock, logging, imageFor: (majorVersion) => databaseImage(options.images, majorVersion), publishedAt: settleHost(options.dock), destroy }),
    async ensure(app, { databases, keyValues }, signal) {
      const [made, kept] = await Promise.all([
        inParallel({ signal }, databases, async (wanted, each) => [wanted.name, await ensureDatabase(options, { app, wanted }, each.signal)] as const),
        inParallel({ signal }, keyValues, async (wanted, each) => [wanted.name, await ensureKeyValue(options, { app, wanted }, each.signal)] as const),
      ])
      return { databases: Object.fromEntries(made), keyValues: Object.fromEntries(kept) }
    },
    async stop(signal) {
      const { dock } = options
      const all = await Promise.all((['database', 'keyvalue'] as const).map((kind) => containersOf(dock, resourceFilter(dock.place, { kind }), signal)))
      await Promise.all(all.flat().map(({ Id }) => halt(dock, { id: Id, of: 'databases and key-value services', seconds: stopSeconds }, signal)))
    },
  }
}

/** Longest that a server is given to write down what it has. */
const stopSeconds = 30

async function destroyAll({ dock, forget }: Yard, app: AppName, signal: AbortSignal): Promise<void> {
  for (const kind of ['database', 'keyvalue', 'disk'] as const) {
    const filters = resourceFilter(dock.place, { app, kind })
    for (const { Id } of await containersOf(dock, filters, signal)) await remove(dock, Id, signal)
    const { Volumes } = await dock.engine.read(volumesSchema, { path: '/volumes', query: { filters }, to: `list the volumes of ${app}` }, signal)
    for (const { Name } of Volumes ?? []) await dock.engine.call({ method: 'DELETE', path: `/volumes/${Name}`, to: `delete the volume ${Name}`, also: [404] }, signal)
  }
  await dropNetwork(dock, app, signal)
  await forget(app)
}

const volumesSchema = z.object({ Volumes: z.array(z.object({ Name: z.string() })).nullable() })

async function containersOf({ engine }: Dock, filters: object, signal: AbortSignal): Promise<{ readonly Id: string }[]> {
  return engine.read(z.array(z.object({ Id: z.string() })), { path: '/containers/json', query: { all: true, filters }, to: 'list the databases and key-value services' }, signal)
}

/** Of PostgreSQL, where the Blueprint names none: the newest, as on Render. */
const newestMajor = '18'

/** That of a new server. */
function databaseImage({ database }: Yard['images'], majorVersion = newestMajor): string {
  return database.replaceAll('{major}', majorVersion)
}

async function ensureDatabase({ dock, images, logging, accountOf }: Yard, { app, wanted }: { readonly app: AppName; readonly wanted: WantedDatabase }, signal: AbortSignal) {
  const resource: ResourceName = { app, kind: 'database', name: wanted.name }
  const { role, database, password } = await accountOf(app, wanted)
  const image = databaseImage(images, wanted.majorVersion)
  await settleResource(dock, { resource, image, body: databaseBody({ place: dock.place, resource, image, logging }, { role, database }), files: { entries: passwordFile(password), when: 'new' } }, signal)
  // Over TCP: while the image sets it up, the server answers on its own socket only.
  await untilReady(dock, { resource, ask: ['pg_isready', '-q', '-h', '127.0.0.1', '-U', role, '-d', database] }, signal)
  await resize(dock, { resource, size: await databaseSize(dock.engine, wanted.plan, signal) }, signal)
  return { host: resourceHost(resource), port: shapes.database.port, user: role, password, database }
}

async function ensureKeyValue({ dock, images, logging, passwordOf }: Yard, { app, wanted }: { readonly app: AppName; readonly wanted: WantedResources['keyValues'][number] }, signal: AbortSignal) {
  const resource: ResourceName = { app, kind: 'keyvalue', name: wanted.name }
  const password = await passwordOf(app, wanted.name)
  const image = images.keyvalue
  const body = keyValueBody({ place: dock.place, resource, image, logging })
  await settleResource(dock, { resource, image, body, files: { entries: keyValueFile({ ...wanted, password }), when: 'always' } }, signal)
  const client = String((body['Cmd'] as readonly string[])[0]).replace('-server', '-cli')
  // One that was running has read its file long ago: it is told now, in one word, and by that whether it answers.
  await untilReady(dock, { resource, ask: [client, '-e', 'CONFIG', 'SET', ...keyValueSettings(wanted).flat()], environment: { REDISCLI_AUTH: password, VALKEYCLI_AUTH: password } }, signal)
  return { host: resourceHost(resource), port: shapes.keyvalue.port, password }
}
