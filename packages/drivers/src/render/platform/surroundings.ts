import { isPublic, listens, type Address, type Blueprint, type DatabaseAddress, type Source, type Surroundings } from '@plimsoll/model'
import type { ServiceThere, There } from './there.ts'

/** What the port of a service is that sets none. */
const usualPort = 10_000
const databasePort = 5_432
const keyValuePort = 6_379

export interface SurroundingsParts {
  readonly blueprint: Blueprint
  readonly there: There
  /** What is kept for the app, as `Surroundings.kept` names it. */
  readonly kept: Readonly<Record<string, string>>
  readonly source: Source
}

/** Where the things are that references lead to. What is not there yet, or cannot be reached yet, is left out. */
export function surroundingsOf({ blueprint, there, kept, source }: SurroundingsParts): Surroundings {
  const found = blueprint.services.flatMap((service) => {
    const own = there.services.get(service.name)
    return own === undefined || service.kind === 'workflow' ? [] : [{ name: service.name, kind: service.kind, own }]
  })
  const keyValues = [...there.keyValues].flatMap(([name, { connection }]) => (connection === undefined ? [] : [[name, parts(connection.internalConnectionString, keyValuePort)] as const]))
  return {
    services: {
      ...Object.fromEntries(found.filter(({ kind }) => listens(kind)).map(({ name, own }) => [name, privateAddress(own)])),
      ...Object.fromEntries(keyValues.map(([name, { host, port }]) => [name, { host, port }])),
    },
    publicUrls: Object.fromEntries(found.flatMap(({ name, kind, own }) => (isPublic(kind) && own.service.serviceDetails.url !== undefined ? [[name, own.service.serviceDetails.url]] : []))),
    databases: Object.fromEntries([...there.databases].flatMap(([name, { connection }]) => (connection === undefined ? [] : [[name, databaseAddress(connection.internalConnectionString)]]))),
    keyValuePasswords: Object.fromEntries(keyValues.flatMap(([name, { password }]) => (password === '' ? [] : [[name, password]]))),
    kept,
    git: { commit: source.commit, branch: source.branch, slug: undefined },
  }
}

function privateAddress({ service, variables }: ServiceThere): Address {
  const own = Number(variables.get('PORT'))
  const port = Number.isInteger(own) && own > 0 ? own : service.serviceDetails.openPorts?.[0]?.port ?? usualPort
  return { host: service.slug, port }
}

function databaseAddress(connectionString: string): DatabaseAddress {
  const { host, port, user, password, path } = parts(connectionString, databasePort)
  return { host, port, user, password, database: path }
}

interface Parts extends Address {
  readonly user: string
  readonly password: string
  readonly path: string
}

function parts(connectionString: string, otherwise: number): Parts {
  const { hostname, port, username, password, pathname } = new URL(connectionString)
  return { host: hostname, port: port === '' ? otherwise : Number(port), user: decodeURIComponent(username), password: decodeURIComponent(password), path: decodeURIComponent(pathname.slice(1)) }
}
