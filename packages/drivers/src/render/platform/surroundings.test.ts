import { serviceNameSchema, type Blueprint, type BlueprintKind } from '@plimsoll/model'
import { expect, test } from 'vitest'
import type { RenderKeyValue, RenderPostgres } from '../api/data-stores.ts'
import type { RenderService } from '../api/service-schemas.ts'
import { surroundingsOf } from './surroundings.ts'
import type { ServiceThere, There } from './there.ts'

const at = { line: 1, column: 1 }

function service(name: string, details: RenderService['serviceDetails'] = {}, variables: Record<string, string> = {}): [string, ServiceThere] {
  return [name, {
    service: { id: `srv-${name}`, name, slug: `${name}-x1`, ownerId: 'tea-1', type: 'web_service', autoDeploy: 'yes', suspended: 'not_suspended', createdAt: '', updatedAt: '', dashboardUrl: '', serviceDetails: details },
    variables: new Map(Object.entries(variables)), routes: [], headers: [], domains: [],
  }]
}

function surroundings(kinds: Readonly<Record<string, BlueprintKind>>, there: Partial<There>) {
  const blueprint: Blueprint = {
    file: 'render.yaml', databases: [], groups: [], environments: [],
    services: Object.entries(kinds).map(([name, kind]) => ({ name: serviceNameSchema.parse(name), kind, runtime: 'node', at, env: [], buildEnv: [], domains: [] })),
  }
  return surroundingsOf({ blueprint, kept: {}, source: { root: '/repo', blueprint: 'render.yaml', commit: 'c', dirty: false }, there: { ownerId: 'tea-1', services: new Map(), databases: new Map(), keyValues: new Map(), groups: new Map(), projects: new Map(), credentials: new Map(), ...there } })
}

test('a service is reached by its slug, at the port that it sets, else that it has open, else the usual one', () => {
  const { services } = surroundings({ a: 'web', b: 'pserv', c: 'web' }, { services: new Map([service('a', { openPorts: [{ port: 3_000, protocol: 'TCP' }] }, { PORT: '8080' }), service('b', { openPorts: [{ port: 3_000, protocol: 'TCP' }] }), service('c')]) })
  expect(services).toEqual({ a: { host: 'a-x1', port: 8_080 }, b: { host: 'b-x1', port: 3_000 }, c: { host: 'c-x1', port: 10_000 } })
})

test('only what people reach has a public address, and what is not there yet has none at all', () => {
  const { services, publicUrls } = surroundings({ web: 'web', worker: 'worker', later: 'web' }, { services: new Map([service('web', { url: 'https://web.onrender.com' }), service('worker')]) })
  expect([Object.keys(services), publicUrls]).toEqual([['web'], { web: 'https://web.onrender.com' }])
})

test('a database and a key-value service are what their connection strings say, and are left out until they have one', () => {
  const database = (connection: string | undefined) => ({ database: {} as RenderPostgres, connection: connection === undefined ? undefined : { password: 'p@ss', internalConnectionString: connection, externalConnectionString: '' } })
  const { databases, services, keyValuePasswords } = surroundings({ cache: 'keyvalue' }, {
    databases: new Map([['db', database('postgresql://ada:p%40ss@dpg-1/shop')], ['later', database(undefined)]]),
    keyValues: new Map([['cache', { keyValue: {} as RenderKeyValue, connection: { internalConnectionString: 'redis://red-1:6379', externalConnectionString: '' } }]]),
  })
  expect(databases).toEqual({ db: { host: 'dpg-1', port: 5_432, user: 'ada', password: 'p@ss', database: 'shop' } })
  expect([services, keyValuePasswords]).toEqual([{ cache: { host: 'red-1', port: 6_379 } }, {}])
})
