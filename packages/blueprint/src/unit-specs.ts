import { defaultPlan, isPublic, listens, serviceKinds, type Blueprint, type BlueprintService, type ServiceKind, type StaticSite, type UnitSpec } from '@plimsoll/model'
import { reachedServices } from './reached-services.ts'
import { mayOverlap } from './worker-overlap.ts'

const defaultShutdownDelaySeconds = 30

/** What a place can build and run; key-value services and databases outlive releases and are `wantedResources`. */
const unitKinds: ReadonlySet<string> = new Set(serviceKinds.filter((kind) => kind !== 'keyvalue'))

/**
 * What each Service needs to be built and run, with Render's defaults filled in, in the Blueprint's order.
 * Leaves out key-value services (see `wantedResources`) and workflows, which only Render runs. Paths are relative to the
 * repository's root for `rootDir`, and as the Blueprint gives them for the rest.
 */
export function unitSpecs(blueprint: Blueprint): UnitSpec[] {
  return blueprint.services.filter(isUnit).map((service) => specOf(service, blueprint))
}

function isUnit(service: BlueprintService): service is BlueprintService & { kind: ServiceKind } {
  return unitKinds.has(service.kind)
}

function specOf(service: BlueprintService & { kind: ServiceKind }, blueprint: Blueprint): UnitSpec {
  const { kind } = service
  const startCommand = service.runtime === 'docker' || service.runtime === 'image' ? service.dockerCommand : service.startCommand
  return {
    service: service.name,
    kind,
    runtime: service.runtime,
    rootDir: withoutDots(service.rootDir ?? ''),
    maxShutdownDelayMs: (service.maxShutdownDelaySeconds ?? defaultShutdownDelaySeconds) * 1000,
    instances: instancesOf(service),
    reaches: reachedServices(blueprint, service),
    ...(service.runtime === 'docker' && { docker: { dockerfile: withoutDots(service.dockerfilePath ?? 'Dockerfile'), context: withoutDots(service.dockerContext ?? '') } }),
    ...imageOf(service),
    ...(service.buildCommand !== undefined && { buildCommand: service.buildCommand }),
    ...(startCommand !== undefined && { startCommand }),
    ...(service.preDeployCommand !== undefined && { preDeployCommand: service.preDeployCommand }),
    ...(service.initialDeployHook !== undefined && { initialDeployHook: service.initialDeployHook }),
    ...(service.healthCheckPath !== undefined && listens(kind) && { healthCheckPath: service.healthCheckPath }),
    ...(service.schedule !== undefined && { schedule: service.schedule }),
    ...(service.staticSite !== undefined && { staticSite: tidy(service.staticSite) }),
    ...(service.buildFilter !== undefined && { buildFilter: service.buildFilter }),
    ...(service.disk !== undefined && { disk: { name: service.disk.name, mountPath: service.disk.mountPath } }),
    ...(mayOverlap(service) && { overlaps: true }),
    ...(service.maintenanceMode?.enabled === true && { maintenance: service.maintenanceMode.uri === undefined ? {} : { uri: service.maintenanceMode.uri } }),
    ...(isPublic(kind) && service.domains.length > 0 && { domains: service.domains }),
    ...(kind !== 'static' && { plan: service.plan ?? defaultPlan }),
  }
}

function imageOf({ runtime, image }: BlueprintService): Pick<UnitSpec, 'image'> {
  if (runtime !== 'image' || image === undefined) return {}
  return { image: { reference: image.url, ...(image.credentials !== undefined && { credentials: image.credentials }) } }
}

function instancesOf({ kind, scaling, numInstances }: BlueprintService): number {
  if (kind === 'cron' || kind === 'static') return 1
  return scaling?.minInstances ?? numInstances ?? 1
}

function tidy(site: StaticSite): StaticSite {
  return { ...site, publishPath: withoutDots(site.publishPath) }
}

/** `./apps/web/` and `apps/web` are the same; the root is empty. */
function withoutDots(path: string): string {
  const steps: string[] = []
  for (const step of path.split('/')) {
    if (step === '..') steps.pop()
    else if (step !== '' && step !== '.') steps.push(step)
  }
  return steps.join('/')
}
