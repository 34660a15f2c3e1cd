import type { Blueprint } from '@plimsoll/model'
import type { RenderKeyValue, RenderKeyValueConnection, RenderPostgres, RenderPostgresConnection } from '../api/data-stores.ts'
import type { RenderApi } from '../api/render-api.ts'
import type { RenderEnvironment, RenderProject } from '../api/environments.ts'
import type { RenderService } from '../api/service-schemas.ts'
import type { RenderDomain, RenderHeader, RenderRoute } from '../api/static-sites.ts'
import type { RenderGroup } from '../api/variable-groups.ts'

/** What a workspace has of what a Blueprint names. Holds secrets: it is never written down. */
export interface There {
  readonly ownerId: string
  /** By name, as all others. */
  readonly services: ReadonlyMap<string, ServiceThere>
  readonly databases: ReadonlyMap<string, { readonly database: RenderPostgres; readonly connection: RenderPostgresConnection | undefined }>
  readonly keyValues: ReadonlyMap<string, { readonly keyValue: RenderKeyValue; readonly connection: RenderKeyValueConnection | undefined }>
  readonly groups: ReadonlyMap<string, RenderGroup>
  readonly projects: ReadonlyMap<string, { readonly project: RenderProject; readonly environments: readonly RenderEnvironment[] }>
  /** Name → id of what opens registries. */
  readonly credentials: ReadonlyMap<string, string>
}

export interface ServiceThere {
  readonly service: RenderService
  /** KEY → value, of its own. */
  readonly variables: ReadonlyMap<string, string>
  /** Of a static site; empty for others. */
  readonly routes: readonly RenderRoute[]
  readonly headers: readonly RenderHeader[]
  /** Names that are not Render's own. */
  readonly domains: readonly RenderDomain[]
}

/** Reads it anew. Of two things with one name the older one counts, as it does where Render looks a name up. */
export async function readThere(api: RenderApi, { ownerId, blueprint }: { readonly ownerId: string; readonly blueprint: Blueprint }, signal: AbortSignal): Promise<There> {
  const keyValueNames = blueprint.services.filter(({ kind }) => kind === 'keyvalue').map(({ name }) => name)
  const projectNames = [...new Set(blueprint.environments.map(({ project }) => project))]
  const [services, databases, keyValues, groups, projects, credentials] = await Promise.all([
    api.services.list({ ownerId }, signal),
    blueprint.databases.length === 0 ? [] : api.databases.list({ ownerId }, signal),
    keyValueNames.length === 0 ? [] : api.keyValues.list({ ownerId }, signal),
    blueprint.groups.length === 0 ? [] : api.groups.list({ ownerId }, signal),
    projectNames.length === 0 ? [] : api.environments.projects({ ownerId }, signal),
    namesCredential(blueprint) ? api.credentials.list({ ownerId }, signal) : [],
  ])
  return {
    ownerId,
    services: await named(services, blueprint.services.map(({ name }) => name), (service) => serviceThere(api, service, signal)),
    databases: await named(databases, blueprint.databases.map(({ name }) => name), async (database) => ({ database, connection: await api.databases.connection(database.id, signal) })),
    keyValues: await named(keyValues, keyValueNames, async (keyValue) => ({ keyValue, connection: await api.keyValues.connection(keyValue.id, signal) })),
    projects: await named(projects, projectNames, async (project) => ({ project, environments: await api.environments.list(project.id, signal) })),
    credentials: new Map(credentials.map(({ name, id }) => [name, id])),
    groups: new Map([...await named(groups, blueprint.groups.map(({ name }) => name), ({ id }) => api.groups.get(id, signal))].flatMap(([name, group]) => (group === undefined ? [] : [[name, group] as const]))),
  }
}

function namesCredential({ services }: Blueprint): boolean {
  return services.some(({ image, registryCredential }) => image?.credentials !== undefined || registryCredential !== undefined)
}

async function named<Thing extends { readonly name: string; readonly createdAt: string }, Told>(things: readonly Thing[], names: readonly string[], tell: (thing: Thing) => Promise<Told>): Promise<ReadonlyMap<string, Told>> {
  const oldest = things.toSorted((a, b) => a.createdAt.localeCompare(b.createdAt))
  const found = names.flatMap((name) => oldest.find((thing) => thing.name === name) ?? [])
  return new Map(await Promise.all(found.map(async (thing) => [thing.name, await tell(thing)] as const)))
}

async function serviceThere(api: RenderApi, service: RenderService, signal: AbortSignal): Promise<ServiceThere> {
  const isSite = service.type === 'static_site'
  const [variables, routes, headers, domains] = await Promise.all([
    api.variables.list(service.id, signal),
    isSite ? api.sites.routes(service.id, signal) : [],
    isSite ? api.sites.headers(service.id, signal) : [],
    isSite || service.type === 'web_service' ? api.sites.domains(service.id, signal) : [],
  ])
  return { service, variables: new Map(variables.map(({ key, value }) => [key, value])), routes, headers, domains }
}
