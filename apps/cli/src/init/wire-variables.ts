import { looksSecret } from '@plimsoll/blueprint'
import type { DatabaseProperty } from '@plimsoll/model'
import type { FoundRepository, FoundService } from '@plimsoll/repository/apps'
import { isOfPlatform, type ProgramVariable } from '@plimsoll/repository/program'
import { addressOf, type AddressOf } from './address-of.ts'
import { isOwnSecret } from './own-secret.ts'

/** Where the value of a variable comes from. */
export type Wire =
  | { readonly is: 'database'; readonly property: DatabaseProperty }
  | { readonly is: 'keyValue'; readonly property: 'connectionString' | 'host' | 'port' }
  | { readonly is: 'address'; readonly of: FoundService; readonly as: AddressOf['as'] }
  | { readonly is: 'generated' }
  | { readonly is: 'value'; readonly value: string }
  /** An address that browsers are given, and that leads to nothing here: empty, so that it is said that it is meant to be. */
  | { readonly is: 'empty' }
  /** A person gives it: `sync: false`. */
  | { readonly is: 'asked' }
  /** It is not given. */
  | { readonly is: 'left'; readonly because: 'default' | 'optional' | 'unsure' }

export interface WiredVariable {
  readonly key: string
  /** Where it is read. */
  readonly from: string
  readonly wire: Wire
}

interface Scene {
  readonly found: FoundRepository
  readonly service: FoundService
  /** What a person has said, by variable. */
  readonly given: ReadonlyMap<string, string>
}

/** Every variable that a service reads or has to be given, with where its value comes from. Those that places set by themselves are none. */
export function wireVariables(scene: Scene): WiredVariable[] {
  const { hostVariable, portVariable, serverActions, variables } = scene.service
  const settled = new Set([hostVariable?.value, portVariable?.value, actionsKey])
  const read = variables.filter(({ key }) => !settled.has(key) && !(isSetByPlaces(key) && databaseProperty(scene.service, key) === undefined))
  return [
    ...(hostVariable === undefined ? [] : [{ key: hostVariable.value, from: hostVariable.from, wire: { is: 'value', value: '0.0.0.0' } } satisfies WiredVariable]),
    ...(portVariable === undefined ? [] : [{ key: portVariable.value, from: portVariable.from, wire: { is: 'address', of: scene.service, as: 'port' } } satisfies WiredVariable]),
    ...(serverActions === undefined ? [] : [{ key: actionsKey, from: serverActions, wire: { is: 'generated' } } satisfies WiredVariable]),
    ...read.map((variable) => ({ key: variable.key, from: `${variable.file}:${variable.line}`, wire: wireOf(variable, scene) })),
  ]
}

/** With a key that outlives a build, forms in pages of the release before go on working. */
const actionsKey = 'NEXT_SERVER_ACTIONS_ENCRYPTION_KEY'

/** Keys of vendors' libraries look like the platform's own, and are set by nobody. */
const vendors = /^(?:AWS|GOOGLE|SENTRY|DD|NEW_RELIC|GITHUB|OTEL|SSL_CERT)_/

function isSetByPlaces(key: string): boolean {
  return isOfPlatform(key) && !vendors.test(key)
}

/** What is not set when pages are built is missing in browsers without a word. */
const publicAddress = /^NEXT_PUBLIC_(?:\w+_)?(?:URL|URI|ORIGIN|HOST|ENDPOINT|API|BASE|DOMAIN)$/

function wireOf(variable: ProgramVariable, { found, service, given }: Scene): Wire {
  const { key, need } = variable
  const instead = need.is === 'fallback' ? need.value : undefined
  const property = databaseProperty(service, key)
  if (property !== undefined) return { is: 'database', property }
  const ofKeyValue = keyValueProperty(service, key)
  if (ofKeyValue !== undefined) return { is: 'keyValue', property: ofKeyValue }
  const address = addressOf(found, service, { key, instead })
  if (address !== undefined) return { is: 'address', of: address.service, as: address.as }
  const value = given.get(key)
  if (value !== undefined) return { is: 'value', value }
  if (need.is === 'fallback' && !isOwnSecret(key)) return { is: 'left', because: 'default' }
  if (isOwnSecret(key)) return { is: 'generated' }
  if (need.is === 'required') return key === 'LOG_LEVEL' ? { is: 'value', value: 'info' } : { is: 'asked' }
  if (publicAddress.test(key)) return { is: 'empty' }
  return need.is === 'unsure' && looksSecret(key) ? { is: 'asked' } : { is: 'left', because: need.is === 'optional' ? 'optional' : 'unsure' }
}

const ofDatabase: readonly (readonly [RegExp, DatabaseProperty])[] = [
  [/^(?:DATABASE|POSTGRES|POSTGRESQL|PG|DB)_?(?:PRISMA_)?(?:URL|URI|DSN|CONNECTION(?:_STRING|_URL)?)$|^DIRECT_URL$|^DATABASE_(?:DIRECT_URL|URL_UNPOOLED)$/, 'connectionString'],
  [/^(?:DATABASE|POSTGRES|POSTGRESQL|DB|PG)_?HOST$/, 'host'],
  [/^(?:DATABASE|POSTGRES|POSTGRESQL|DB|PG)_?PORT$/, 'port'],
  [/^(?:DATABASE|POSTGRES|POSTGRESQL|DB|PG)_?USER(?:NAME)?$/, 'user'],
  [/^(?:DATABASE|POSTGRES|POSTGRESQL|DB|PG)_?(?:PASSWORD|PASS)$/, 'password'],
  [/^(?:DATABASE_NAME|POSTGRES_DB|POSTGRESQL_DATABASE|POSTGRES_DATABASE|DB_NAME|DB_DATABASE|PGDATABASE)$/, 'database'],
]

function databaseProperty({ database }: FoundService, key: string): DatabaseProperty | undefined {
  return database === undefined ? undefined : ofDatabase.find(([pattern]) => pattern.test(key))?.[1]
}

function keyValueProperty({ keyValue }: FoundService, key: string): 'connectionString' | 'host' | 'port' | undefined {
  if (keyValue === undefined) return undefined
  const part = /^(?:REDIS|VALKEY|KV|QUEUE_REDIS|QUEUE)_(URL|URI|CONNECTION_STRING|HOST|PORT)$/.exec(key)?.[1]
  return part === undefined ? undefined : part === 'HOST' ? 'host' : part === 'PORT' ? 'port' : 'connectionString'
}
