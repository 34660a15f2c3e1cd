import { fieldsOf, pageAs, passes, Refusal, textIn, type Asked } from './exchange.ts'
import type { Routes } from './router.ts'
import { valueIn, variablesIn } from './service-record.ts'
import { iso, serviceIn, type FakeGroup, type FakeStore, type World } from './world.ts'

/** Databases, key-value services and environment groups. */
export const storeRoutes: Routes = {
  ...routesOf('postgres', { collection: '/postgres', parameter: 'postgresId', prefix: 'dpg' }),
  ...routesOf('keyValue', { collection: '/key-value', parameter: 'keyValueId', prefix: 'red' }),
  'GET /env-groups': (world, { query }) => ({ status: 200, body: world.groups.filter(({ name, ownerId }) => passes(query, 'name', name) && passes(query, 'ownerId', ownerId)).map((group) => groupBrief(world, group)) }),
  'POST /env-groups': (world, { body }) => {
    const { envVars = [], environmentId } = fieldsOf(body)
    const group: FakeGroup = { id: world.newId('evg'), name: textIn(body, 'name'), ownerId: textIn(body, 'ownerId'), createdAt: world.clock.now(), variables: new Map(variablesIn(envVars)), services: new Set(), environmentId: typeof environmentId === 'string' ? environmentId : undefined }
    world.groups.push(group)
    return { status: 201, body: groupBody(world, group) }
  },
  'GET /env-groups/{envGroupId}': (world, asked) => ({ status: 200, body: groupBody(world, groupOf(world, asked)) }),
  'PUT /env-groups/{envGroupId}/env-vars/{envVarKey}': (world, asked) => {
    const group = groupOf(world, asked)
    group.variables.set(asked.params['envVarKey'] ?? '', valueIn(asked.body))
    return { status: 200, body: groupBody(world, group) }
  },
  'DELETE /env-groups/{envGroupId}/env-vars/{envVarKey}': (world, asked) => {
    if (!groupOf(world, asked).variables.delete(asked.params['envVarKey'] ?? '')) throw new Refusal(404, 'variable not found')
    return { status: 204 }
  },
  'POST /env-groups/{envGroupId}/services/{serviceId}': (world, asked) => {
    const group = groupOf(world, asked)
    group.services.add(serviceIn(world, asked.params['serviceId']).id)
    return { status: 200, body: groupBody(world, group) }
  },
}

function groupOf(world: World, { params }: Asked): FakeGroup {
  const group = world.groups.find(({ id }) => id === params['envGroupId'])
  if (group === undefined) throw new Refusal(404, 'environment group not found')
  return group
}

const shortTypes: Readonly<Record<string, string>> = { static_site: 'static', web_service: 'web', private_service: 'pserv', background_worker: 'worker', cron_job: 'cron' }

function groupBrief(world: World, { id, name, ownerId, createdAt, services, environmentId }: FakeGroup): object {
  const serviceLinks = [...services].map((each) => serviceIn(world, each)).map((service) => ({ id: service.id, name: service.name, type: shortTypes[service.type] }))
  return { id, name, ownerId, createdAt: iso(createdAt), updatedAt: iso(createdAt), serviceLinks, ...(environmentId !== undefined && { environmentId }) }
}

function groupBody(world: World, group: FakeGroup): object {
  return { ...groupBrief(world, group), envVars: [...group.variables].map(([key, value]) => ({ key, value })), secretFiles: [] }
}

function routesOf(kind: FakeStore['kind'], { collection, parameter, prefix }: { readonly collection: string; readonly parameter: string; readonly prefix: string }): Routes {
  const storeOf = (world: World, { params }: Asked): FakeStore => {
    const store = world.stores.find((each) => each.kind === kind && each.id === params[parameter])
    if (store === undefined) throw new Refusal(404, `${kind} ${params[parameter]} not found`)
    return store
  }
  return {
    [`GET ${collection}`]: (world, { query }) => {
      const found = world.stores.filter((store) => store.kind === kind && passes(query, 'name', store.name) && passes(query, 'ownerId', store.ownerId))
      return pageAs(found, query, (store) => ({ [kind]: storeBody(world, store) }))
    },
    [`POST ${collection}`]: (world, { body }) => {
      const { name: _, ownerId: __, plan: ___, region = 'oregon', ...options } = fieldsOf(body)
      const store: FakeStore = { kind, options, id: `${world.newId(prefix)}-a`, name: textIn(body, 'name'), ownerId: textIn(body, 'ownerId'), plan: textIn(body, 'plan'), region: String(region), password: `password-of-${textIn(body, 'name')}`, createdAt: world.clock.now() }
      world.stores.push(store)
      return { status: 201, body: storeBody(world, store) }
    },
    [`GET ${collection}/{${parameter}}`]: (world, asked) => ({ status: 200, body: storeBody(world, storeOf(world, asked)) }),
    [`PATCH ${collection}/{${parameter}}`]: (world, asked) => {
      const store = storeOf(world, asked)
      const { name = store.name, plan = store.plan, ...options } = fieldsOf(asked.body)
      Object.assign(store, { name, plan, options: { ...store.options, ...options } })
      return { status: 200, body: storeBody(world, store) }
    },
    [`GET ${collection}/{${parameter}}/connection-info`]: (world, asked) => ({ status: 200, body: connectionOf(storeOf(world, asked)) }),
  }
}

function storeBody({ clock, paces, owners }: World, store: FakeStore): object {
  const { id, kind, name, plan, region, ownerId, createdAt, options } = store
  const owner = { ...owners.find((each) => each.id === ownerId), id: ownerId, email: 'ops@acme.example', type: 'team' }
  const status = clock.now() >= createdAt + paces.storeCreating ? 'available' : 'creating'
  const both = { id, name, plan, region, owner, status, createdAt: iso(createdAt), updatedAt: iso(createdAt), ipAllowList: options['ipAllowList'] ?? [], dashboardUrl: `https://dashboard.render.com/d/${id}`, ...(options['environmentId'] !== undefined && { environmentId: options['environmentId'] }) }
  if (kind === 'keyValue') return { ...both, version: '8.1.0', options: { maxmemoryPolicy: options['maxmemoryPolicy'] ?? 'allkeys_lru' } }
  return {
    ...both, ...databaseOf(store), version: options['version'] ?? '18', highAvailabilityEnabled: options['enableHighAvailability'] ?? false, diskAutoscalingEnabled: options['enableDiskAutoscaling'] ?? false, readReplicas: replicasOf(store), role: 'primary',
    suspended: 'not_suspended', suspenders: [], ...(options['diskSizeGB'] !== undefined && { diskSizeGB: options['diskSizeGB'] }),
  }
}

function replicasOf({ id, options: { readReplicas = [] } }: FakeStore): readonly object[] {
  return Array.isArray(readReplicas) ? readReplicas.map((replica: unknown, index) => ({ id: `${id}-r${index}`, ...fieldsOf(replica) })) : []
}

function databaseOf({ name, options }: FakeStore): { readonly databaseName: string; readonly databaseUser: string } {
  const plain = name.replaceAll(/[^a-z0-9]/g, '_')
  return { databaseName: String(options['databaseName'] ?? plain), databaseUser: String(options['databaseUser'] ?? plain) }
}

function connectionOf(store: FakeStore): object {
  const { id, kind, password, region } = store
  if (kind === 'keyValue') return { internalConnectionString: `redis://${id}:6379`, externalConnectionString: `rediss://${id}:${password}@${region}-keyvalue.render.com:6379`, cliCommand: `redis-cli -h ${region}-keyvalue.render.com` }
  const { databaseName, databaseUser } = databaseOf(store)
  const reached = (host: string) => `postgresql://${databaseUser}:${password}@${host}/${databaseName}`
  return { password, internalConnectionString: reached(id), externalConnectionString: reached(`${id}.${region}-postgres.render.com`), psqlCommand: `psql -h ${id} -U ${databaseUser} ${databaseName}` }
}
