import { slugOf, type Address, type Blueprint, type BlueprintService, type DatabaseAddress, type DatabaseProperty, type ServiceProperty, type Surroundings, type Variable } from '@plimsoll/model'
import { databaseUrl, hostPort, keyValueUrl } from './connection-string.ts'
import type { KeyedEntry } from './declared-entries.ts'
import { looksSecret } from './looks-secret.ts'

/** The place does not know where the target is. */
export interface NoAddress {
  readonly why: 'address'
  readonly origin: string
}

type ToDatabase = Extract<KeyedEntry, { is: 'fromDatabase' }>
type ToService = Extract<KeyedEntry, { is: 'fromService' }>
type Value = Pick<Variable, 'value' | 'secret'>

/** One property of a database. Outside Render there are no replicas: who reads from one is given the primary. */
export function resolveDatabase({ databases }: Blueprint, surroundings: Surroundings, entry: ToDatabase): Variable | NoAddress {
  const origin = `fromDatabase ${entry.database}.${entry.property}`
  const primary = databases.find(({ name, readReplicas }) => name === entry.database || readReplicas?.includes(entry.database))
  const address = primary && valueAt(surroundings.databases, primary.name)
  if (address === undefined) return { why: 'address', origin }
  const found = ofDatabase[entry.property](address)
  return { ...found, origin, secret: found.secret || looksSecret(entry.key) }
}

/** Host, port and the like of a service or key-value service. */
export function resolveProperty(surroundings: Surroundings, entry: ToService): Variable | NoAddress {
  const origin = `fromService ${entry.service}.${entry.property}`
  if (entry.property === 'slug') return { value: slugOf(entry.service), origin, secret: false }
  const address = valueAt(surroundings.services, entry.service)
  if (address === undefined) return { why: 'address', origin }
  const found = ofService[entry.property](address, valueAt(surroundings.keyValuePasswords, entry.service))
  return { ...found, origin, secret: found.secret || looksSecret(entry.key) }
}

/** What `PORT` is for callers of a service that does not set it. */
export function portOf({ services }: Surroundings, { name }: BlueprintService): string | undefined {
  const port = valueAt(services, name)?.port
  return port === undefined ? undefined : String(port)
}

const open = (value: string): Value => ({ value, secret: false })
const secret = (value: string): Value => ({ value, secret: true })

/** There is no pool in front of a local server, so the pool's address is the server's own. */
const ofDatabase: Readonly<Record<DatabaseProperty, (address: DatabaseAddress) => Value>> = {
  connectionString: (address) => secret(databaseUrl(address)),
  connectionPoolString: (address) => secret(databaseUrl(address)),
  host: ({ host }) => open(host),
  port: ({ port }) => open(String(port)),
  user: ({ user }) => open(user),
  password: ({ password }) => secret(password),
  database: ({ database }) => open(database),
}

const ofService: Readonly<Record<Exclude<ServiceProperty, 'slug'>, (address: Address, password: string | undefined) => Value>> = {
  host: ({ host }) => open(host),
  port: ({ port }) => open(String(port)),
  hostport: (address) => open(hostPort(address)),
  connectionString: (address, password) => ({ value: keyValueUrl(address, password), secret: password !== undefined }),
}

function valueAt<Held>(record: Readonly<Record<string, Held>>, key: string): Held | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}
