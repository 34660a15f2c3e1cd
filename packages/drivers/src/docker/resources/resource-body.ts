import { slugOf } from '@plimsoll/model'
import { keyValueSettings } from '../../process/key-value-config.ts'
import type { Place } from '../../process/place.ts'
import { keptRunning } from '../container-body.ts'
import type { Logging } from '../../container/logging.ts'
import { networkName, resourceLabels, resourceName, type ResourceMarks } from '../../container/place-labels.ts'
import type { TarEntry } from '../../container/tar.ts'

/** One database or key-value service of an app, as a container of its own. */
export type ResourceName = ResourceMarks & { readonly kind: 'database' | 'keyvalue' }
export type ResourceKind = ResourceName['kind']

/** What is the same for every container of a kind. */
interface ResourceShape {
  readonly port: number
  /** Where its volume is mounted. */
  readonly data: string
  /** Where the entrypoint of the image finds what nobody may read in `docker inspect`. */
  readonly secret: string
}

export const shapes: Readonly<Record<ResourceKind, ResourceShape>> = {
  // Below a directory of our own: since 18 the official image keeps its data elsewhere than before, and this holds for all of them.
  database: { port: 5_432, data: '/var/lib/plimsoll', secret: '/run/plimsoll/password' },
  keyvalue: { port: 6_379, data: '/data', secret: '/run/plimsoll/valkey.conf' },
}

/** By which name the units of its app reach it. */
export function resourceHost({ app, name }: ResourceName): string {
  return `${slugOf(name)}.${app}.internal`
}

export interface ResourceRequest {
  readonly place: Place
  readonly resource: ResourceName
  readonly image: string
  readonly logging: Logging
}

export interface DatabaseAccount {
  readonly role: string
  readonly database: string
  readonly password: string
}

/** How one is made that is to last. */
export const keptDatabase = '--data-checksums --encoding=UTF8'

/** PostgreSQL as its official image wants to be asked: the account is made when the volume is empty, and left alone after that. */
export function databaseBody(request: ResourceRequest, { role, database }: Omit<DatabaseAccount, 'password'>): Record<string, unknown> {
  return {
    ...commonBody(request),
    Env: databaseEnvironment({ role, database, initdb: keptDatabase }),
    // Fast shutdown: it ends connections, and writes a checkpoint. SIGTERM would wait for every client to leave.
    StopSignal: 'SIGINT',
  }
}

/** What makes it fast and is lost with its machine, and room for the connections of many copies. */
const throwAway = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '400' }

/** How PostgreSQL is made, and started, for databases that nobody keeps. */
export const copyServerInit = '--encoding=UTF8 --no-sync'
export const copyServerCommand: readonly string[] = ['postgres', ...Object.entries(throwAway).flatMap(([key, value]) => ['-c', `${key}=${value}`])]

/** PostgreSQL for databases that nobody keeps, published at `host` on a port that the engine chooses. */
export function copyServerBody(request: ResourceRequest, { role, database, host }: Omit<DatabaseAccount, 'password'> & { readonly host: string }): Record<string, unknown> {
  const body = commonBody(request)
  const port = `${shapes.database.port}/tcp`
  return {
    ...body,
    Env: databaseEnvironment({ role, database, initdb: copyServerInit }),
    Cmd: copyServerCommand,
    ExposedPorts: { [port]: {} },
    HostConfig: { ...body.HostConfig, PortBindings: { [port]: [{ HostIp: host, HostPort: '' }] } },
  }
}

/** As the official image of PostgreSQL is told its account. */
export function databaseEnvironment({ role, database, initdb }: Omit<DatabaseAccount, 'password'> & { readonly initdb: string }): string[] {
  const { data, secret } = shapes.database
  const environment = { POSTGRES_USER: role, POSTGRES_DB: database, POSTGRES_PASSWORD_FILE: secret, PGDATA: `${data}/pgdata`, POSTGRES_INITDB_ARGS: initdb }
  return Object.entries(environment).map(([key, value]) => `${key}=${value}`)
}

/** Valkey or Redis, told by a file that only it can read. */
export function keyValueBody(request: ResourceRequest): Record<string, unknown> {
  return { ...commonBody(request), Cmd: [serverIn(request.image), shapes.keyvalue.secret] }
}

/** The official images call their servers after themselves. */
export function serverIn(image: string): string {
  return /(?:^|[/-])redis(?:[:@]|$)/.test(image) ? 'redis-server' : 'valkey-server'
}

function commonBody({ place, resource, image, logging }: ResourceRequest) {
  const name = resourceName(place, resource)
  const { data } = shapes[resource.kind]
  return {
    Image: image,
    Labels: resourceLabels(place, resource),
    HostConfig: {
      RestartPolicy: keptRunning,
      Mounts: [{ Type: 'volume', Source: name, Target: data }],
      LogConfig: { Type: logging.driver, Config: logging.options },
      SecurityOpt: ['no-new-privileges'],
      // PostgreSQL's parallel workers share more than the engine's 64 MB.
      ShmSize: 256 * 1_024 ** 2,
      NetworkMode: networkName(place, resource.app),
    },
    NetworkingConfig: { EndpointsConfig: { [networkName(place, resource.app)]: { Aliases: [resourceHost(resource)] } } },
  }
}

export interface KeyValueSecrets {
  readonly password: string
  readonly plan?: string | undefined
  readonly maxmemoryPolicy?: string | undefined
  readonly persistenceMode?: string | undefined
}

/** The file that `shapes.database.secret` names: who runs in the container may read it, and nobody else gets there. */
export function passwordFile(password: string): TarEntry[] {
  return secretFile(shapes.database.secret, password)
}

export function keyValueFile({ password, ...settings }: KeyValueSecrets): TarEntry[] {
  const fixed = [['bind', '*'], ['port', String(shapes.keyvalue.port)], ['protected-mode', 'yes'], ['requirepass', password], ['dir', shapes.keyvalue.data]] as const
  return secretFile(shapes.keyvalue.secret, [...fixed, ...keyValueSettings(settings)].map(([key, value]) => `${key} "${value}"\n`).join(''))
}

/** The images' own users read it, whose numbers differ. */
function secretFile(path: string, text: string): TarEntry[] {
  const file = path.slice(1)
  return [{ path: file.replace(/[^/]+$/, ''), mode: 0o755 }, { path: file, mode: 0o444, content: Buffer.from(text) }]
}
