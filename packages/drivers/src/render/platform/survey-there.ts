import type { Change, Prepared, Survey } from '@plimsoll/engine'
import type { Blueprint, BlueprintService, Source } from '@plimsoll/model'
import type { RenderServiceChange } from '../api/service-schemas.ts'
import { compareService } from './compare-service.ts'
import type { Making } from './making.ts'
import { surroundingsOf } from './surroundings.ts'
import type { ServiceThere, There } from './there.ts'
import { wantedService } from './wanted-service.ts'
import { databaseChange, linkedTo, newDatabase, newKeyValue, referringTo } from './wanted-store.ts'
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
  const unset = missing.flatMap(({ service, variable, keptAs }) => (keptAs === undefined ? [] : [`${variable} of ${service} has no value and is left alone: keep one with Plimsoll as ${keptAs}, or set it in the dashboard`]))
  return {
    changes: [...storeChanges(parts), ...blueprint.groups.flatMap((group) => groupChanges(parts, group.name, groupVariables(group, kept))), ...services.flatMap(({ changes }) => changes), ...linkChanges(parts)],
    left: [...services.flatMap(({ left }) => left), ...unset],
  }
}

/** Databases and key-value services before what refers to them. */
function storeChanges({ blueprint, there }: SurveyParts): Prepared[] {
  const databases = blueprint.databases.flatMap((database) => {
    const { name } = database
    const found = there.databases.get(name)
    if (found === undefined) return [prepared({ is: 'create', what: 'database', name, services: referringTo(blueprint, name) }, { make: 'create-database', body: newDatabase(database, there.ownerId) })]
    const body = databaseChange(database, found.database)
    return Object.keys(body).length === 0 ? [] : [prepared({ is: 'update', what: 'database', name, fields: Object.keys(body) }, { make: 'update-database', id: found.database.id, body })]
  })
  const keyValues = blueprint.services.filter(({ kind, name }) => kind === 'keyvalue' && !there.keyValues.has(name))
  return [...databases, ...keyValues.map((service) => prepared({ is: 'create', what: 'keyvalue', name: service.name, services: referringTo(blueprint, service.name) }, { make: 'create-keyvalue', body: newKeyValue(service, there.ownerId) }))]
}

function groupChanges({ blueprint, there }: SurveyParts, name: string, wanted: readonly WantedVariable[]): Prepared[] {
  const services = linkedTo(blueprint, name)
  const found = there.groups.get(name)
  if (found === undefined) return [prepared({ is: 'create', what: 'group', name, services }, { make: 'create-group', body: { name, ownerId: there.ownerId, envVars: wanted } })]
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

interface ServiceSurvey {
  readonly changes: readonly Prepared[]
  readonly left: readonly string[]
}

function surveyService(parts: SurveyParts, service: BlueprintService, variables: readonly WantedVariable[]): ServiceSurvey {
  const { blueprint, there, repo } = parts
  const { name } = service
  const wanted = wantedService(service)
  if (wanted === undefined) return { changes: [], left: service.kind === 'workflow' ? [`${name} is a workflow, which Render’s API does not make: see to it in the dashboard`] : [] }
  const found = there.services.get(name)
  if (found !== undefined) return surveyFound(parts, { service, found }, variables)
  const { imagePath, ...body } = wanted
  const from = imagePath === undefined ? { ...(repo !== undefined && { repo }), ...body } : { ...body, image: { ownerId: there.ownerId, imagePath } }
  return {
    changes: [prepared({ is: 'create', what: 'service', name, services: [...new Set([name, ...referringTo(blueprint, name)])] }, { make: 'create-service', body: { ...from, ownerId: there.ownerId, envVars: variables } })],
    left: domainsLeft(service, []),
  }
}

interface Found {
  readonly service: BlueprintService
  readonly found: ServiceThere
}

function surveyFound({ there }: SurveyParts, { service, found }: Found, variables: readonly WantedVariable[]): ServiceSurvey {
  const { name } = service
  const { id, suspended } = found.service
  const wanted = wantedService(service)
  const { change, fields, instances, left } = wanted === undefined ? { change: undefined, fields: [], instances: undefined, left: [] } : compareService(wanted, found)
  const differs = change !== undefined || instances !== undefined
  return {
    changes: [
      ...(differs ? [prepared({ is: 'update', what: 'service', name, fields: [...fields, ...(instances === undefined ? [] : ['numInstances'])], services: needsDeploy(change) ? [name] : [] }, { make: 'update-service', id, body: change && withImage(change, there.ownerId), instances })] : []),
      ...siteChanges(service, found),
      ...variableChanges(variables, found.variables).map(({ is, key, value }) => prepared({ is, what: 'variable', name, fields: [key], services: [name] }, { make: 'put-variable', serviceId: id, key, value })),
    ],
    left: [...left, ...(suspended === 'suspended' ? [`${name} is suspended there, and stays so: until it is resumed nothing of it goes live`] : []), ...domainsLeft(service, found.domains)],
  }
}

/** Whether the next push deploys it is no matter of what runs. */
function needsDeploy(change: object | undefined): boolean {
  return change !== undefined && Object.keys(change).some((key) => key !== 'autoDeploy')
}

function withImage({ imagePath, ...change }: RenderServiceChange & { readonly imagePath?: string }, ownerId: string): RenderServiceChange {
  return imagePath === undefined ? change : { ...change, image: { ownerId, imagePath } }
}

/** Rules that the Blueprint does not name stay, after those that it does. They count at once, without a deploy. */
function siteChanges({ name, staticSite }: BlueprintService, { service: { id }, routes, headers }: ServiceThere): Prepared[] {
  if (staticSite === undefined) return []
  const wantedRoutes = [...staticSite.routes, ...routes.filter((rule) => !staticSite.routes.some(({ source }) => source === rule.source))]
  const wantedHeaders = [...staticSite.headers, ...headers.filter((rule) => !staticSite.headers.some((own) => own.path === rule.path && own.name === rule.name))]
  return [
    ...(isSameList(wantedRoutes, routes) ? [] : [prepared({ is: 'update', what: 'service', name, fields: ['routes'] }, { make: 'set-routes', serviceId: id, routes: wantedRoutes })]),
    // The order of headers says nothing.
    ...(staticSite.headers.every((own) => headers.some((rule) => isSameList([own], [rule]))) ? [] : [prepared({ is: 'update', what: 'service', name, fields: ['headers'] }, { make: 'set-headers', serviceId: id, headers: wantedHeaders })]),
  ]
}

function isSameList(one: readonly object[], other: readonly object[]): boolean {
  const text = (list: readonly object[]): string => JSON.stringify(list.map((each) => Object.entries(each).toSorted(([a], [b]) => a.localeCompare(b))))
  return text(one) === text(other)
}

function domainsLeft({ name, domains }: BlueprintService, there: readonly string[]): string[] {
  return domains.filter((domain) => !there.includes(domain)).map((domain) => `${domain} does not lead to ${name} yet: add it in the dashboard, which says what its DNS has to hold`)
}

function variableChanges(wanted: readonly WantedVariable[], now: ReadonlyMap<string, string>): (WantedVariable & Pick<Change, 'is'>)[] {
  return wanted.filter(({ key, value }) => now.get(key) !== value).map((variable) => ({ ...variable, is: now.has(variable.key) ? 'update' : 'create' }))
}

function prepared(change: Pick<Change, 'is' | 'what' | 'name'> & Partial<Change>, making: Making): Prepared {
  return { change: { fields: [], services: [], ...change }, making }
}
