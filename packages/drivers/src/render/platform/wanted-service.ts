import type { BlueprintKind, BlueprintService } from '@plimsoll/model'
import type { RenderAutoscaling, RenderMaintenance, RenderNewService, RenderServiceDetails, RenderServiceType } from '../api/service-schemas.ts'
import { planOf, type PlanList } from './wanted-plan.ts'

/** What a Blueprint says of one service, in the words of Render's API: keys that the Blueprint leaves out are absent. */
export type WantedService = Omit<RenderNewService, 'ownerId' | 'envVars' | 'environmentId' | 'image'> & { readonly imagePath?: string; /** What opens the registry of the image. */ readonly imageCredentialId?: string }

/** What is known of the workspace and is not in the Blueprint. */
export interface KnownThere {
  /** Name → id of registry credentials. */
  readonly credentials: ReadonlyMap<string, string>
  /** What is set now, of which the Blueprint may name a part. */
  readonly maintenanceMode?: RenderMaintenance | undefined
}

const types: Readonly<Partial<Record<BlueprintKind, RenderServiceType>>> = {
  web: 'web_service', pserv: 'private_service', worker: 'background_worker', cron: 'cron_job', static: 'static_site',
}

/** Undefined for what is no service in Render's API: key-value services and workflows have a place of their own there. */
export function wantedService(service: BlueprintService, known: KnownThere): WantedService | undefined {
  const type = types[service.kind]
  if (type === undefined) return undefined
  const { name, autoDeployTrigger, repo, branch, rootDir, buildFilter, image } = service
  return {
    type, name,
    ...(autoDeployTrigger !== undefined && { autoDeploy: autoDeployTrigger === 'off' ? 'no' : 'yes' }),
    ...defined({ repo, branch, rootDir, buildFilter }),
    ...(image !== undefined && defined({ imagePath: image.url, imageCredentialId: credentialId(known, image.credentials) })),
    serviceDetails: type === 'static_site' ? siteDetails(service) : serverDetails(service, type, known),
  }
}

/** Which list of plans counts for a service. */
export function planListOf({ kind }: Pick<BlueprintService, 'kind'>): PlanList {
  return kind === 'web' || kind === 'keyvalue' ? kind : 'paid'
}

function siteDetails(service: BlueprintService): RenderServiceDetails {
  const { buildCommand, staticSite } = service
  return defined({ buildCommand, publishPath: staticSite?.publishPath, ...publicDetails(service) })
}

/** What web services and static sites have alone. */
function publicDetails({ renderSubdomainPolicy, ipAllowList, previews }: BlueprintService): RenderServiceDetails {
  return {
    ...(renderSubdomainPolicy === 'enabled' || renderSubdomainPolicy === 'disabled' ? { renderSubdomainPolicy } : {}),
    ...(ipAllowList !== undefined && { ipAllowList: ipAllowList.map(({ source, description = '' }) => ({ cidrBlock: source, description })) }),
    ...(previews?.generation !== undefined && { previews: { generation: previews.generation } }),
  }
}

function serverDetails(service: BlueprintService, type: RenderServiceType, known: KnownThere): RenderServiceDetails {
  const { runtime, plan, region, schedule } = service
  return {
    ...defined({ runtime, region, plan: plan === undefined ? undefined : planOf(planListOf(service), plan) }),
    ...(type === 'cron_job' ? defined({ schedule }) : lastingDetails(service)),
    ...(type === 'web_service' && webDetails(service, known)),
    envSpecificDetails: commandsOf(service, known),
  }
}

/** Of what goes on running. */
function lastingDetails({ preDeployCommand, maxShutdownDelaySeconds, numInstances, scaling, disk, previews }: BlueprintService): RenderServiceDetails {
  return {
    ...defined({ preDeployCommand, maxShutdownDelaySeconds, numInstances: scaling?.minInstances ?? numInstances, autoscaling: scaling && autoscalingOf(scaling) }),
    ...(disk !== undefined && { disk: { name: disk.name, mountPath: disk.mountPath, ...defined({ sizeGB: disk.sizeGB }) } }),
    ...(previews?.generation !== undefined && { previews: { generation: previews.generation } }),
  }
}

function webDetails(service: BlueprintService, { maintenanceMode: now }: KnownThere): RenderServiceDetails {
  const { healthCheckPath, maintenanceMode: mode } = service
  return {
    ...defined({ healthCheckPath, ...publicDetails(service) }),
    ...(mode !== undefined && { maintenanceMode: { enabled: mode.enabled ?? now?.enabled ?? false, uri: mode.uri ?? now?.uri ?? '' } }),
  }
}

/** The API wants a percentage also of what is not looked at. */
const anyPercentage = 70

function autoscalingOf({ minInstances, maxInstances, targetCPUPercent: cpu, targetMemoryPercent: memory }: NonNullable<BlueprintService['scaling']>): RenderAutoscaling {
  const target = (percentage: number | undefined) => ({ enabled: percentage !== undefined, percentage: percentage ?? anyPercentage })
  return { enabled: true, min: minInstances, max: maxInstances, criteria: { cpu: target(cpu), memory: target(memory) } }
}

function commandsOf({ runtime, buildCommand, startCommand, dockerCommand, dockerContext, dockerfilePath, registryCredential }: BlueprintService, known: KnownThere): NonNullable<RenderServiceDetails['envSpecificDetails']> {
  if (runtime === 'image') return defined({ dockerCommand })
  return runtime === 'docker' ? defined({ dockerCommand, dockerContext, dockerfilePath, registryCredentialId: credentialId(known, registryCredential) }) : defined({ buildCommand, startCommand })
}

function credentialId({ credentials }: KnownThere, name: string | undefined): string | undefined {
  return name === undefined ? undefined : credentials.get(name)
}

type Defined<T> = { readonly [Key in keyof T]?: Exclude<T[Key], undefined> }

/** Without the keys that have no value. */
export function defined<T extends object>(record: T): Defined<T> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Defined<T>
}
