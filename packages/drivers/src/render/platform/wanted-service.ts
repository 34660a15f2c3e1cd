import type { BlueprintKind, BlueprintService } from '@plimsoll/model'
import type { RenderNewService, RenderServiceDetails, RenderServiceType } from '../api/service-schemas.ts'

/** What a Blueprint says of one service, in the words of Render's API: keys that the Blueprint leaves out are absent. */
export type WantedService = Omit<RenderNewService, 'ownerId' | 'envVars' | 'environmentId' | 'image'> & { readonly imagePath?: string }

const types: Readonly<Partial<Record<BlueprintKind, RenderServiceType>>> = {
  web: 'web_service', pserv: 'private_service', worker: 'background_worker', cron: 'cron_job', static: 'static_site',
}

/** Undefined for what is no service in Render's API: key-value services have a place of their own there, and workflows none. */
export function wantedService(service: BlueprintService): WantedService | undefined {
  const type = types[service.kind]
  if (type === undefined) return undefined
  const { name, autoDeployTrigger, repo, branch, rootDir, buildFilter, image } = service
  return {
    type, name,
    ...(autoDeployTrigger !== undefined && { autoDeploy: autoDeployTrigger === 'off' ? 'no' : 'yes' }),
    ...defined({ repo, branch, rootDir, buildFilter }),
    ...(image !== undefined && { imagePath: image.url }),
    serviceDetails: type === 'static_site' ? siteDetails(service) : serverDetails(service, type),
  }
}

function siteDetails({ buildCommand, staticSite, renderSubdomainPolicy }: BlueprintService): RenderServiceDetails {
  return defined({ buildCommand, publishPath: staticSite?.publishPath, ...subdomain(renderSubdomainPolicy) })
}

function serverDetails(service: BlueprintService, type: RenderServiceType): RenderServiceDetails {
  const { runtime, plan, region, preDeployCommand, maxShutdownDelaySeconds, schedule, healthCheckPath, disk, renderSubdomainPolicy, ipAllowList, scaling, numInstances } = service
  const lasts = type !== 'cron_job'
  const isWeb = type === 'web_service'
  return {
    ...defined({ runtime, region, plan: plan === undefined ? undefined : planOf(plan) }),
    ...(lasts ? defined({ preDeployCommand, maxShutdownDelaySeconds, numInstances: scaling?.minInstances ?? numInstances }) : defined({ schedule })),
    ...(isWeb && defined({ healthCheckPath, ...subdomain(renderSubdomainPolicy) })),
    ...(isWeb && ipAllowList !== undefined && { ipAllowList: ipAllowList.map(({ source, description = '' }) => ({ cidrBlock: source, description })) }),
    ...(lasts && disk !== undefined && { disk: { name: disk.name, mountPath: disk.mountPath, ...defined({ sizeGB: disk.sizeGB }) } }),
    envSpecificDetails: commandsOf(service),
  }
}

function commandsOf({ runtime, buildCommand, startCommand, dockerCommand, dockerContext, dockerfilePath }: BlueprintService): NonNullable<RenderServiceDetails['envSpecificDetails']> {
  if (runtime === 'image') return defined({ dockerCommand })
  return runtime === 'docker' ? defined({ dockerCommand, dockerContext, dockerfilePath }) : defined({ buildCommand, startCommand })
}

/** Blueprints write `pro plus`, the API `pro_plus`. */
export function planOf(plan: string): string {
  return plan.toLowerCase().replaceAll(' ', '_')
}

function subdomain(policy: string | undefined): Pick<RenderServiceDetails, 'renderSubdomainPolicy'> {
  return policy === 'enabled' || policy === 'disabled' ? { renderSubdomainPolicy: policy } : {}
}

type Defined<T> = { readonly [Key in keyof T]?: Exclude<T[Key], undefined> }

/** Without the keys that have no value. */
export function defined<T extends object>(record: T): Defined<T> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Defined<T>
}
