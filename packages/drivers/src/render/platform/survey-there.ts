import type { Prepared, Survey } from '@plimsoll/engine'
import type { Blueprint, BlueprintDatabase, BlueprintService, Source } from '@plimsoll/model'
import { unsentOf } from './blueprint-fields.ts'
import { environmentChanges, environmentId, memberChanges } from './environment-changes.ts'
import { prepared } from './prepared.ts'
import { surroundingsOf } from './surroundings.ts'
import { surveyService, variableChanges } from './survey-service.ts'
import type { There } from './there.ts'
import { planLeft } from './wanted-plan.ts'
import { planListOf } from './wanted-service.ts'
import { databaseChange, databaseLeft, keyValueChange, keyValueLeft, linkedTo, newDatabase, newKeyValue, referringTo } from './wanted-store.ts'
import { groupVariables, keptThere, ownVariables, type Resolve, type WantedVariable } from './wanted-variables.ts'

export interface SurveyParts {
  readonly blueprint: Blueprint
  readonly there: There
  readonly source: Source
  /** What is kept for the app, with every generated value. */
  readonly kept: Readonly<Record<string, string>>
  readonly resolve: Resolve
  /** Where Render finds the source, for services that are made; undefined where nobody knows. */
  readonly repo: string | undefined
}

/** Holds what a Blueprint wants against what is there. Pure: what is sent comes out of it as data. */
export function surveyThere(parts: SurveyParts): Survey {
  const { blueprint, there } = parts
  const kept = keptThere(blueprint, there, parts.kept)
  const { environments, missing } = parts.resolve(blueprint, surroundingsOf({ ...parts, kept }))
  const services = blueprint.services.map((service) => surveyService(parts, service, ownVariables(service, environments[service.name])))
  const groups = blueprint.groups.flatMap((group) => groupChanges(parts, group, groupVariables(group, kept)))
  const unset = missing.flatMap(({ service, variable, keptAs }) => (keptAs === undefined ? [] : [`${variable} of ${service} has no value and is left alone: keep one with Plimsoll as ${keptAs}, or set it in the dashboard`]))
  return {
    changes: [...environmentChanges(parts), ...storeChanges(parts), ...groups, ...services.flatMap(({ changes }) => changes), ...linkChanges(parts), ...memberChanges(parts)],
    left: [...unsentOf(blueprint), ...plansLeft(blueprint), ...credentialsLeft(blueprint, there), ...storesLeft(blueprint, there), ...services.flatMap(({ left }) => left), ...unset],
    environments,
  }
}

/** Databases and key-value services before what refers to them. */
function storeChanges(parts: SurveyParts): Prepared[] {
  const keyValues = parts.blueprint.services.filter(({ kind }) => kind === 'keyvalue')
  return [...parts.blueprint.databases.flatMap((database) => databaseChanges(parts, database)), ...keyValues.flatMap((service) => keyValueChanges(parts, service))]
}

function databaseChanges({ blueprint, there }: SurveyParts, database: BlueprintDatabase): Prepared[] {
  const { name } = database
  const found = there.databases.get(name)
  if (found === undefined) return [prepared({ is: 'create', what: 'database', name, services: referringTo(blueprint, name) }, { make: 'create-database', body: { ...newDatabase(database, there.ownerId), ...inEnvironment(there, database) } })]
  const body = databaseChange(database, found.database)
  return Object.keys(body).length === 0 ? [] : [prepared({ is: 'update', what: 'database', name, fields: Object.keys(body) }, { make: 'update-database', id: found.database.id, body })]
}

function keyValueChanges({ blueprint, there }: SurveyParts, service: BlueprintService): Prepared[] {
  const { name } = service
  const found = there.keyValues.get(name)
  if (found === undefined) return [prepared({ is: 'create', what: 'keyvalue', name, services: referringTo(blueprint, name) }, { make: 'create-keyvalue', body: { ...newKeyValue(service, there.ownerId), ...inEnvironment(there, service) } })]
  const body = keyValueChange(service, found.keyValue)
  return Object.keys(body).length === 0 ? [] : [prepared({ is: 'update', what: 'keyvalue', name, fields: Object.keys(body) }, { make: 'update-keyvalue', id: found.keyValue.id, body })]
}

/** What is made where its environment is there already begins in it; all else is put there in the next round. */
function inEnvironment(there: There, { environment }: Pick<BlueprintService, 'environment'>): { readonly environmentId?: string } {
  const id = environmentId(there, environment)
  return id === undefined ? {} : { environmentId: id }
}

function groupChanges({ blueprint, there }: SurveyParts, group: Blueprint['groups'][number], wanted: readonly WantedVariable[]): Prepared[] {
  const { name } = group
  const services = linkedTo(blueprint, name)
  const found = there.groups.get(name)
  if (found === undefined) return [prepared({ is: 'create', what: 'group', name, services }, { make: 'create-group', body: { name, ownerId: there.ownerId, envVars: wanted, ...inEnvironment(there, group) } })]
  const now = new Map(found.envVars.map(({ key, value }) => [key, value]))
  return variableChanges(wanted, now).map(({ is, key, value }) => prepared({ is, what: 'variable', name: `the group ${name}`, fields: [key], services }, { make: 'put-group-variable', groupId: found.id, key, value }))
}

function linkChanges({ blueprint, there }: SurveyParts): Prepared[] {
  return blueprint.groups.flatMap(({ name }) => linkedTo(blueprint, name).flatMap((service) => {
    const group = there.groups.get(name)
    const found = there.services.get(service)
    // What is made in this round is linked in the next.
    if (group === undefined || found === undefined || group.serviceLinks.some(({ id }) => id === found.service.id)) return []
    return [prepared({ is: 'create', what: 'link', name, fields: [service], services: [service] }, { make: 'link-group', groupId: group.id, serviceId: found.service.id })]
  }))
}

function plansLeft({ services, databases }: Blueprint): string[] {
  return [...services.filter(({ kind }) => kind !== 'workflow').flatMap((service) => planLeft(service.name, planListOf(service), service.plan)), ...databases.flatMap(({ name, plan }) => planLeft(name, 'database', plan))]
}

function credentialsLeft({ services }: Blueprint, { credentials }: There): string[] {
  return services.flatMap(({ name, image, registryCredential }) => [...new Set([image?.credentials, registryCredential])].flatMap((credential) =>
    (credential === undefined || credentials.has(credential) ? [] : [`The registry credential ${credential} of ${name} is not in the workspace: make it in the dashboard, under that name`])))
}

function storesLeft({ services, databases }: Blueprint, there: There): string[] {
  return [
    ...databases.flatMap((database) => {
      const found = there.databases.get(database.name)
      return found === undefined ? [] : databaseLeft(database, found.database)
    }),
    ...services.flatMap((service) => {
      const found = there.keyValues.get(service.name)
      return found === undefined ? [] : keyValueLeft(service, found.keyValue)
    }),
  ]
}
