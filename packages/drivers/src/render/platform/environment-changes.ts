import type { Prepared } from '@plimsoll/engine'
import type { Blueprint } from '@plimsoll/model'
import type { RenderEnvironment, RenderEnvironmentSettings } from '../api/environments.ts'
import { prepared } from './prepared.ts'
import type { There } from './there.ts'
import { defined } from './wanted-service.ts'

type Environment = Blueprint['environments'][number]

interface Parts {
  readonly blueprint: Blueprint
  readonly there: There
}

/** Projects and environments that are missing, or set otherwise. */
export function environmentChanges({ blueprint: { environments }, there }: Parts): Prepared[] {
  const projects = [...new Set(environments.map(({ project }) => project))]
  return projects.flatMap((name) => {
    const wanted = environments.filter(({ project }) => project === name)
    const found = there.projects.get(name)
    if (found !== undefined) return wanted.flatMap((one) => oneEnvironment(one, found.project.id, found.environments.find((each) => each.name === one.name)))
    const body = { name, ownerId: there.ownerId, environments: wanted.map((one) => ({ name: one.name, ...settingsOf(one) })) }
    return [prepared({ is: 'create', what: 'project', name, fields: wanted.map((one) => one.name) }, { make: 'create-project', body })]
  })
}

function oneEnvironment(wanted: Environment, projectId: string, found: RenderEnvironment | undefined): Prepared[] {
  const name = titleOf(wanted)
  const settings = settingsOf(wanted)
  if (found === undefined) return [prepared({ is: 'create', what: 'environment', name }, { make: 'create-environment', body: { name: wanted.name, projectId, ...settings } })]
  const body: RenderEnvironmentSettings = {
    ...(settings.networkIsolationEnabled !== undefined && settings.networkIsolationEnabled !== found.networkIsolationEnabled && { networkIsolationEnabled: settings.networkIsolationEnabled }),
    ...(settings.protectedStatus !== undefined && settings.protectedStatus !== found.protectedStatus && { protectedStatus: settings.protectedStatus }),
  }
  const fields = Object.keys(body)
  return fields.length === 0 ? [] : [prepared({ is: 'update', what: 'environment', name, fields }, { make: 'update-environment', id: found.id, body })]
}

/** What the Blueprint leaves out stays as it is. */
function settingsOf({ isolated, protected: isProtected }: Environment): RenderEnvironmentSettings {
  return defined({ networkIsolationEnabled: isolated, protectedStatus: isProtected === undefined ? undefined : isProtected ? 'protected' as const : 'unprotected' as const })
}

/** Puts what is there already where it belongs. What the Blueprint lists in no environment stays where it is, but for what it calls ungrouped. */
export function memberChanges({ blueprint, there }: Parts): Prepared[] {
  const things = resourcesOf({ blueprint, there })
  const joins = blueprint.environments.flatMap((environment) => {
    const id = environmentId(there, environment)
    const coming = things.filter(({ wanted, now }) => id !== undefined && wanted?.project === environment.project && wanted.name === environment.name && now !== id)
    if (id === undefined || coming.length === 0) return []
    return [prepared({ is: 'create', what: 'member', name: titleOf(environment), fields: coming.map(({ name }) => name) }, { make: 'add-members', members: { environmentId: id, resourceIds: coming.map((each) => each.id) } })]
  })
  const leaves = [...new Set(things.flatMap(({ ungrouped, now }) => (ungrouped && now !== undefined ? [now] : [])))].map((id) => {
    const going = things.filter(({ ungrouped, now }) => ungrouped && now === id)
    return prepared({ is: 'update', what: 'member', name: id, fields: going.map(({ name }) => name) }, { make: 'remove-members', members: { environmentId: id, resourceIds: going.map((each) => each.id) } })
  })
  return [...joins, ...leaves]
}

/** The id of an environment, once it is there. */
export function environmentId({ projects }: There, wanted: { readonly project: string; readonly name: string } | undefined): string | undefined {
  return wanted && projects.get(wanted.project)?.environments.find(({ name }) => name === wanted.name)?.id
}

interface Resource {
  readonly name: string
  readonly id: string
  /** Where the Blueprint lists it. */
  readonly wanted: { readonly project: string; readonly name: string } | undefined
  readonly ungrouped: boolean
  /** The id of the environment that it is in. */
  readonly now: string | undefined
}

function resourcesOf({ blueprint, there }: Parts): Resource[] {
  type Found = { readonly id: string; readonly environmentId?: string | undefined } | undefined
  const listed = (things: readonly { readonly name: string; readonly environment?: Resource['wanted']; readonly ungrouped?: boolean | undefined }[], find: (name: string) => Found): Resource[] =>
    things.flatMap(({ name, environment: wanted, ungrouped = false }) => {
      const found = find(name)
      return found === undefined ? [] : [{ name, id: found.id, wanted, ungrouped, now: found.environmentId }]
    })
  return [
    ...listed(blueprint.services, (name) => there.services.get(name)?.service ?? there.keyValues.get(name)?.keyValue),
    ...listed(blueprint.databases, (name) => there.databases.get(name)?.database),
    ...listed(blueprint.groups, (name) => there.groups.get(name)),
  ]
}

function titleOf({ project, name }: Pick<Environment, 'project' | 'name'>): string {
  return `${project}/${name}`
}
