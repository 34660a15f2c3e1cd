import type { Change, Prepared } from '@plimsoll/engine'
import type { BlueprintService } from '@plimsoll/model'
import type { RenderNewService, RenderServiceChange } from '../api/service-schemas.ts'
import { compareService, type ServiceDifference } from './compare-service.ts'
import { environmentId } from './environment-changes.ts'
import { prepared } from './prepared.ts'
import type { SurveyParts } from './survey-there.ts'
import type { ServiceThere } from './there.ts'
import { wantedService, type KnownThere, type WantedService } from './wanted-service.ts'
import { referringTo } from './wanted-store.ts'
import type { WantedVariable } from './wanted-variables.ts'

interface ServiceSurvey {
  readonly changes: readonly Prepared[]
  readonly left: readonly string[]
}

/** Holds what a Blueprint wants of one service against what is there of it. */
export function surveyService(parts: SurveyParts, service: BlueprintService, variables: readonly WantedVariable[]): ServiceSurvey {
  const { blueprint, there } = parts
  const { name } = service
  const found = there.services.get(name)
  const known: KnownThere = { credentials: there.credentials, maintenanceMode: found?.service.serviceDetails.maintenanceMode }
  const wanted = wantedService(service, known)
  if (wanted === undefined) return { changes: [], left: [] }
  if (found !== undefined) return surveyFound(parts, { service, found, wanted }, variables)
  const environment = environmentId(there, service.environment)
  const body = { ...newService(parts, wanted), ...(environment !== undefined && { environmentId: environment }), envVars: variables }
  return {
    changes: [prepared({ is: 'create', what: 'service', name, services: [...new Set([name, ...referringTo(blueprint, name)])] }, { make: 'create-service', body })],
    left: unverified(service, undefined),
  }
}

function newService({ there: { ownerId }, repo }: SurveyParts, { imagePath, imageCredentialId, ...wanted }: WantedService): RenderNewService {
  const body = wanted.type === 'cron_job' ? newCron(wanted) : wanted
  if (imagePath === undefined) return { ...(repo !== undefined && { repo }), ...body, ownerId }
  return { ...body, ownerId, image: imageOf({ ownerId, imagePath, imageCredentialId }) }
}

/** Of a new cron job Render's document wants all commands of Docker or none, and takes no credential before it is there. */
function newCron({ serviceDetails = {}, ...wanted }: Omit<WantedService, 'imagePath' | 'imageCredentialId'>): Omit<WantedService, 'imagePath' | 'imageCredentialId'> {
  const { envSpecificDetails: { registryCredentialId: _, ...commands } = {}, ...details } = serviceDetails
  if (details.runtime !== 'docker' && details.runtime !== 'image') return { ...wanted, serviceDetails: { ...details, envSpecificDetails: commands } }
  if (details.runtime === 'image' && commands.dockerCommand === undefined) return { ...wanted, serviceDetails: details }
  return { ...wanted, serviceDetails: { ...details, envSpecificDetails: { dockerCommand: '', dockerContext: '.', dockerfilePath: './Dockerfile', ...commands } } }
}

interface Found {
  readonly service: BlueprintService
  readonly found: ServiceThere
  readonly wanted: WantedService
}

function surveyFound({ there }: SurveyParts, found: Found, variables: readonly WantedVariable[]): ServiceSurvey {
  const { service, wanted, found: own } = found
  const { id, suspended, serviceDetails: now } = own.service
  const { name } = service
  const difference = compareService(wanted, own)
  return {
    changes: [
      ...settingChanges(found, difference, there.ownerId),
      ...siteChanges(service, own),
      ...newDomains(service, own).map((domain) => prepared({ is: 'create', what: 'domain', name, fields: [domain] }, { make: 'add-domain', serviceId: id, domain })),
      ...variableChanges(variables, own.variables).map(({ is, key, value }) => prepared({ is, what: 'variable', name, fields: [key], services: [name] }, { make: 'put-variable', serviceId: id, key, value })),
    ],
    left: [
      ...difference.left, ...unverified(service, own),
      ...(suspended === 'suspended' ? [`${name} is suspended there, and stays so: until it is resumed nothing of it goes live`] : []),
      ...((service.maintenanceMode?.enabled ?? now.maintenanceMode?.enabled) === true ? [`${name} is in maintenance: people meet its page, and nobody asks it at its public address after the release`] : []),
    ],
  }
}

function settingChanges({ service: { name }, found: { service: { id, imagePath: runs } } }: Found, { change, fields, instances, autoscaling, disk }: ServiceDifference, ownerId: string): Prepared[] {
  const differs = change !== undefined || instances !== undefined
  return [
    ...(differs ? [prepared({ is: 'update', what: 'service', name, fields: [...fields, ...(instances === undefined ? [] : ['numInstances'])], services: needsDeploy(change) ? [name] : [] }, { make: 'update-service', id, body: change && withImage(change, { ownerId, runs }), instances })] : []),
    ...(autoscaling === undefined ? [] : [prepared({ is: 'update', what: 'service', name, fields: ['scaling'] }, { make: 'set-autoscaling', serviceId: id, autoscaling })]),
    ...(disk === undefined ? [] : [diskChange({ name, id }, disk)]),
  ]
}

/** One that grows is there at once; one that is new, or elsewhere, is met with the next deploy. */
function diskChange({ name, id }: { readonly name: string; readonly id: string }, { id: diskId, change }: NonNullable<ServiceDifference['disk']>): Prepared {
  const { name: own = name, mountPath = '', sizeGB = 1 } = change
  if (diskId === undefined) return prepared({ is: 'create', what: 'disk', name, services: [name] }, { make: 'create-disk', body: { name: own, mountPath, sizeGB, serviceId: id } })
  return prepared({ is: 'update', what: 'disk', name, fields: Object.keys(change), services: change.mountPath === undefined ? [] : [name] }, { make: 'update-disk', id: diskId, body: change })
}

/** Whether the next push deploys it, or what its previews are, is no matter of what runs. */
function needsDeploy(change: { readonly serviceDetails?: object } | undefined): boolean {
  if (change === undefined) return false
  return Object.keys(change).some((key) => key !== 'autoDeploy' && key !== 'serviceDetails') || Object.keys(change.serviceDetails ?? {}).some((key) => key !== 'previews')
}

function withImage({ imagePath, imageCredentialId, ...change }: NonNullable<ServiceDifference['change']>, { ownerId, runs }: { readonly ownerId: string; readonly runs: string | undefined }): RenderServiceChange {
  if (imagePath === undefined && imageCredentialId === undefined) return change
  return { ...change, image: imageOf({ ownerId, imagePath: imagePath ?? runs ?? '', imageCredentialId }) }
}

function imageOf({ ownerId, imagePath, imageCredentialId }: { readonly ownerId: string; readonly imagePath: string; readonly imageCredentialId: string | undefined }): NonNullable<RenderServiceChange['image']> {
  return { ownerId, imagePath, ...(imageCredentialId !== undefined && { registryCredentialId: imageCredentialId }) }
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

/** Domains that are added; of what has none, none: see `unsentOf`. */
function newDomains({ kind, domains }: BlueprintService, there: ServiceThere): string[] {
  if (kind !== 'web' && kind !== 'static') return []
  return domains.filter((domain) => !there.domains.some(({ name }) => name === domain.toLowerCase()))
}

/** What nobody can do here is to make a name lead somewhere. */
function unverified({ name, kind, domains }: BlueprintService, there: ServiceThere | undefined): string[] {
  if (kind !== 'web' && kind !== 'static') return []
  const waiting = domains.filter((domain) => !there?.domains.some((one) => one.name === domain.toLowerCase() && one.verificationStatus === 'verified'))
  return waiting.map((domain) => `${domain} does not lead to ${name} yet: its DNS has to, and the dashboard says what it has to hold`)
}

/** What has another value than it is to have. */
export function variableChanges(wanted: readonly WantedVariable[], now: ReadonlyMap<string, string>): (WantedVariable & Pick<Change, 'is'>)[] {
  return wanted.filter(({ key, value }) => now.get(key) !== value).map((variable) => ({ ...variable, is: now.has(variable.key) ? 'update' : 'create' }))
}
