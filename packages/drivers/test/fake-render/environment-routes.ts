import { fieldsOf, pageAs, passes, Refusal, textIn, type Asked } from './exchange.ts'
import type { Routes } from './router.ts'
import { iso, type FakeEnvironment, type FakeProject, type World } from './world.ts'

/** Projects, their environments, and what opens registries. */
export const environmentRoutes: Routes = {
  'GET /projects': (world, { query }) => pageAs(world.projects.filter(({ name, ownerId }) => passes(query, 'name', name) && passes(query, 'ownerId', ownerId)), query, (project) => ({ project: projectBody(world, project) })),
  'POST /projects': (world, { body }) => {
    const { environments = [] } = fieldsOf(body)
    const project: FakeProject = { id: world.newId('prj'), name: textIn(body, 'name'), ownerId: textIn(body, 'ownerId'), createdAt: world.clock.now() }
    world.projects.push(project)
    if (!Array.isArray(environments)) throw new Refusal(400, 'environments must be a list')
    for (const one of environments) world.environments.push(newEnvironment(world, { ...fieldsOf(one), projectId: project.id }))
    return { status: 201, body: projectBody(world, project) }
  },
  'GET /environments': (world, { query }) => pageAs(world.environments.filter(({ name, projectId }) => passes(query, 'name', name) && passes(query, 'projectId', projectId)), query, (environment) => ({ environment: environmentBody(world, environment) })),
  'POST /environments': (world, { body }) => {
    const environment = newEnvironment(world, fieldsOf(body))
    if (!world.projects.some(({ id }) => id === environment.projectId)) throw new Refusal(404, 'project not found')
    world.environments.push(environment)
    return { status: 201, body: environmentBody(world, environment) }
  },
  'PATCH /environments/{environmentId}': (world, asked) => {
    const environment = environmentOf(world, asked)
    environment.settings = { ...environment.settings, ...fieldsOf(asked.body) }
    return { status: 200, body: environmentBody(world, environment) }
  },
  'POST /environments/{environmentId}/resources': (world, asked) => {
    const environment = environmentOf(world, asked)
    const { resourceIds } = fieldsOf(asked.body)
    if (!Array.isArray(resourceIds)) throw new Refusal(400, 'resourceIds must be a list')
    for (const id of resourceIds.map(String)) move(world, id, environment.id)
    return { status: 200, body: environmentBody(world, environment) }
  },
  'DELETE /environments/{environmentId}/resources': (world, asked) => {
    const { id } = environmentOf(world, asked)
    for (const resource of asked.query.getAll('resourceIds')) if (membersOf(world, id).some((each) => each.id === resource)) move(world, resource, undefined)
    return { status: 204 }
  },
  'GET /registrycredentials': (world, { query }) => ({
    status: 200,
    body: world.credentials.filter(({ name }) => passes(query, 'name', name)).map((credential) => ({ ...credential, registry: 'GITHUB', username: 'ada', updatedAt: iso(world.clock.now()) })),
  }),
}

function newEnvironment(world: World, wanted: Readonly<Record<string, unknown>>): FakeEnvironment {
  const { name: _, projectId: __, ...settings } = wanted
  return { id: world.newId('evm'), name: textIn(wanted, 'name'), projectId: textIn(wanted, 'projectId'), settings }
}

function environmentOf(world: World, { params }: Asked): FakeEnvironment {
  const environment = world.environments.find(({ id }) => id === params['environmentId'])
  if (environment === undefined) throw new Refusal(404, 'environment not found')
  return environment
}

interface Member {
  readonly id: string
  readonly kind: 'serviceIds' | 'databasesIds' | 'redisIds' | 'envGroupIds'
  readonly in: string | undefined
  readonly put: (environment: string | undefined) => void
}

function allMembers({ services, stores, groups }: World): Member[] {
  return [
    ...services.map((service): Member => ({
      id: service.id, kind: 'serviceIds', in: textOrNone(service.record['environmentId']),
      put: (environmentId) => { service.record = { ...service.record, environmentId } },
    })),
    ...stores.map((store): Member => ({
      id: store.id, kind: store.kind === 'postgres' ? 'databasesIds' : 'redisIds', in: textOrNone(store.options['environmentId']),
      put: (environmentId) => { store.options = { ...store.options, environmentId } },
    })),
    ...groups.map((group): Member => ({ id: group.id, kind: 'envGroupIds', in: group.environmentId, put: (environmentId) => { group.environmentId = environmentId } })),
  ]
}

function textOrNone(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function membersOf(world: World, environment: string): Member[] {
  return allMembers(world).filter((member) => member.in === environment)
}

function move(world: World, id: string, environment: string | undefined): void {
  const member = allMembers(world).find((each) => each.id === id)
  if (member === undefined) throw new Refusal(404, `resource ${id} not found`)
  member.put(environment)
}

function environmentBody(world: World, { id, name, projectId, settings }: FakeEnvironment): object {
  const members = membersOf(world, id)
  const ids = (kind: Member['kind']) => members.filter((member) => member.kind === kind).map((member) => member.id)
  return { id, name, projectId, protectedStatus: 'unprotected', networkIsolationEnabled: false, ...settings, serviceIds: ids('serviceIds'), databasesIds: ids('databasesIds'), redisIds: ids('redisIds'), envGroupIds: ids('envGroupIds') }
}

function projectBody({ environments, owners }: World, { id, name, ownerId, createdAt }: FakeProject): object {
  const owner = { ...owners.find((each) => each.id === ownerId), id: ownerId, email: 'ops@acme.example', type: 'team' }
  return { id, name, owner, createdAt: iso(createdAt), updatedAt: iso(createdAt), environmentIds: environments.filter(({ projectId }) => projectId === id).map((each) => each.id) }
}
