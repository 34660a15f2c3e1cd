import { inParallel, type Clock, type Resources, type WantedResources } from '@plimsoll/engine'
import type { AppName } from '@plimsoll/model'
import { z } from 'zod'
import { dropNetwork, withNetwork } from '../app-network.ts'
import { openPlace } from '../../process/place.ts'
import { defaultLogging, type Logging } from '../container-body.ts'
import { create, halt, remove, type Dock } from '../containers.ts'
import type { DockerEngine } from '../engine/docker-engine.ts'
import { pullImage } from '../engine/pull-image.ts'
import { labelFilter } from '../place-labels.ts'
import { tarOf, type TarEntry } from '../tar.ts'
import { databaseBody, keyValueBody, keyValueFile, passwordFile, resourceHost, resourceLabels, resourceName, shapes, type DatabaseAccount, type ResourceName } from './resource-body.ts'
import { untilReady } from './until-ready.ts'

export interface DockerResourcesOptions {
  /** That of the driver: everything is labelled with its id. */
  readonly home: string
  readonly engine: DockerEngine
  readonly clock: Clock
  /** By kind: an official image, or one that is called the same way. Used for what is made from now on; what is there keeps its own. */
  readonly images: { readonly database: string; readonly keyvalue: string }
  /** How the engine keeps what is printed; up to three files of 10 MB for each unless given. */
  readonly logging?: Logging | undefined
  /** The account of a database: the same for ever. */
  readonly accountOf: (app: AppName, wanted: WantedDatabase) => Promise<DatabaseAccount>
  /** The password of a key-value service: the same for ever. */
  readonly passwordOf: (app: AppName, name: string) => Promise<string>
  readonly forget: (app: AppName) => Promise<void>
}

interface Yard extends Omit<DockerResourcesOptions, 'home' | 'engine' | 'clock' | 'logging'> {
  readonly dock: Dock
  readonly logging: Logging
}

type WantedDatabase = WantedResources['databases'][number]

export interface DockerResources extends Resources {
  /** Ends all of them, of every app, with their data kept; `ensure` starts them again. Twice is once. */
  stop(signal: AbortSignal): Promise<void>
}

/** Databases and key-value services as containers with volumes that outlive every release, and that a restart of the machine brings back. */
export function createDockerResources({ home, engine, clock, logging = defaultLogging, ...given }: DockerResourcesOptions): DockerResources {
  const options: Yard = { ...given, logging, dock: { engine, clock, place: openPlace(home) } }
  return {
    async ensure(app, { databases, keyValues }, signal) {
      const [made, kept] = await Promise.all([
        inParallel({ signal }, databases, async (wanted, each) => [wanted.name, await ensureDatabase(options, { app, wanted }, each.signal)] as const),
        inParallel({ signal }, keyValues, async (wanted, each) => [wanted.name, await ensureKeyValue(options, { app, wanted }, each.signal)] as const),
      ])
      return { databases: Object.fromEntries(made), keyValues: Object.fromEntries(kept) }
    },
    async destroy(app, signal) {
      const { dock, forget } = options
      for (const kind of ['database', 'keyvalue'] as const) {
        const filters = filterOf(dock, { app, kind })
        for (const { Id } of await containersOf(dock, filters, signal)) await remove(dock, Id, signal)
        const { Volumes } = await dock.engine.read(volumesSchema, { path: '/volumes', query: { filters }, to: `list the volumes of ${app}` }, signal)
        for (const { Name } of Volumes ?? []) await dock.engine.call({ method: 'DELETE', path: `/volumes/${Name}`, to: `delete the volume ${Name}`, also: [404] }, signal)
      }
      await dropNetwork(dock, app, signal)
      await forget(app)
    },
    async stop(signal) {
      const { dock } = options
      const all = await Promise.all((['database', 'keyvalue'] as const).map((kind) => containersOf(dock, { label: [`plimsoll.place=${dock.place.id}`, `plimsoll.role=${kind}`] }, signal)))
      await Promise.all(all.flat().map(({ Id }) => halt(dock.engine, { id: Id, of: 'databases and key-value services', seconds: stopSeconds }, signal)))
    },
  }
}

/** Longest that a server is given to write down what it has. */
const stopSeconds = 30

const volumesSchema = z.object({ Volumes: z.array(z.object({ Name: z.string() })).nullable() })

async function containersOf({ engine }: Dock, filters: object, signal: AbortSignal): Promise<{ readonly Id: string }[]> {
  return engine.read(z.array(z.object({ Id: z.string() })), { path: '/containers/json', query: { all: true, filters }, to: 'list the databases and key-value services' }, signal)
}

function filterOf({ place }: Dock, { app, kind }: Pick<ResourceName, 'app' | 'kind'>): { readonly label: string[] } {
  return { label: [...labelFilter(place, { app }).label, `plimsoll.role=${kind}`] }
}

async function ensureDatabase(options: Yard, { app, wanted }: { readonly app: AppName; readonly wanted: WantedDatabase }, signal: AbortSignal) {
  const resource: ResourceName = { app, kind: 'database', name: wanted.name }
  const { role, database, password } = await options.accountOf(app, wanted)
  const request = { place: options.dock.place, resource, image: options.images.database, logging: options.logging }
  await settle(options, { resource, image: request.image, body: databaseBody(request, { role, database }), files: passwordFile(password) }, signal)
  // Over TCP: while the image sets it up, the server answers on its own socket only.
  await untilReady(options.dock, { resource, ask: ['pg_isready', '-q', '-h', '127.0.0.1', '-U', role, '-d', database] }, signal)
  return { host: resourceHost(resource), port: shapes.database.port, user: role, password, database }
}

async function ensureKeyValue(options: Yard, { app, wanted }: { readonly app: AppName; readonly wanted: WantedResources['keyValues'][number] }, signal: AbortSignal) {
  const resource: ResourceName = { app, kind: 'keyvalue', name: wanted.name }
  const password = await options.passwordOf(app, wanted.name)
  const request = { place: options.dock.place, resource, image: options.images.keyvalue, logging: options.logging }
  const body = keyValueBody(request)
  await settle(options, { resource, image: request.image, body, files: keyValueFile({ ...wanted, password }) }, signal)
  const client = String((body['Cmd'] as readonly string[])[0]).replace('-server', '-cli')
  await untilReady(options.dock, { resource, ask: [client, '-e', 'PING'], environment: { REDISCLI_AUTH: password, VALKEYCLI_AUTH: password } }, signal)
  return { host: resourceHost(resource), port: shapes.keyvalue.port, password }
}

interface Settled {
  readonly resource: ResourceName
  readonly image: string
  readonly body: Record<string, unknown>
  /** Written into the container before its first start. */
  readonly files: readonly TarEntry[]
}

const stateSchema = z.object({ State: z.object({ Status: z.string(), StartedAt: z.string() }) })

/** Makes it unless it is there, and starts it unless it runs. What is there is never made anew: its image reads its data. */
async function settle({ dock }: Yard, { resource, image, body, files }: Settled, signal: AbortSignal): Promise<void> {
  const { engine, place } = dock
  const name = resourceName(place, resource)
  const path = `/containers/${name}`
  const to = `start ${resource.name} of ${resource.app}`
  const look = () => engine.call({ path: `${path}/json`, to, also: [404] }, signal)
  await withNetwork(dock, resource.app, {
    signal,
    async work() {
      let found = await look()
      if (found.status === 404) {
        await pullImage(engine, { image, of: resource.name }, signal)
        await engine.call({ method: 'POST', path: '/volumes/create', body: { Name: name, Labels: resourceLabels(place, resource) }, to }, signal)
        await create(dock, { name, body, of: resource.name }, signal)
        found = await look()
      }
      // Never started, so a creation that was cut off may lack its files.
      const isNew = stateSchema.parse(JSON.parse(found.body)).State.Status === 'created'
      if (isNew) await engine.call({ method: 'PUT', path: `${path}/archive`, query: { path: '/' }, tar: Buffer.concat([...tarOf(files)]), to }, signal)
      await engine.call({ method: 'POST', path: `${path}/start`, to }, signal)
    },
  })
}
