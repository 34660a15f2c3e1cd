import { finishedSteps, keptIn, unitOf, type KeptRelease } from '@plimsoll/engine'
import { isPlimsollError, isPublic, roleIn, slugOf, wantedResourcesSchema, type AppName, type AppView, type Entry, type Instance, type JournalEntry, type Principal, type ReleaseNumber, type ResourceView, type ServiceView, type Traffic, type UnitSpec } from '@plimsoll/model'
import type { AppRecord } from '@plimsoll/store'
import { z } from 'zod'
import type { ReleaseRunner } from '../release-runner.ts'
import { askPlace } from '../ask-place.ts'
import type { Services } from '../services.ts'
import { lastTrusted } from './choose-way-back.ts'
import { findApp } from './find-app.ts'
import { visibleHolds } from './hold-app.ts'

/** One app as it stands now, read from the edge and from the place; a place that does not answer is part of the answer. Throws `NOT_FOUND`, `EDGE_DOWN`. */
export async function showApp(parts: { readonly services: Services; readonly runner: ReleaseRunner }, name: AppName, signal: AbortSignal): Promise<AppView> {
  return viewOf(parts, await findApp(parts.services, name), signal)
}

/** Every app that `who` may see, as it stands now, by name. */
export async function listApps(parts: { readonly services: Services; readonly runner: ReleaseRunner }, { grants }: Pick<Principal, 'grants'>, signal: AbortSignal): Promise<AppView[]> {
  const apps = (await parts.services.store.apps.list()).filter(({ name }) => roleIn(grants, name) !== undefined)
  return Promise.all(apps.map((app) => viewOf(parts, app, signal)))
}

async function viewOf({ services, runner }: { readonly services: Services; readonly runner: ReleaseRunner }, app: AppRecord, signal: AbortSignal): Promise<AppView> {
  const { store, edge } = services
  const [traffic, asked, holds] = await Promise.all([edge.live(app.name, signal), askPlace(services, app, signal), visibleHolds(services, app.name, signal)])
  const [live, back] = await Promise.all([traffic === undefined ? undefined : store.releases.find(app.name, traffic.live.release), lastTrusted(services, app.name, traffic)])
  return {
    name: app.name,
    root: app.root,
    place: app.place,
    ...(asked.problem !== undefined && { placeProblem: asked.problem }),
    createdAt: app.createdAt,
    live: live ?? null,
    previous: traffic?.previous.map(({ release }) => release) ?? [],
    ...(back !== undefined && { back }),
    ...(traffic?.cutOff !== undefined && { cutOff: traffic.cutOff }),
    underWay: runner.underWay(app.name) ?? null,
    canary: traffic?.canary === undefined ? null : { release: traffic.canary.release.release, share: traffic.canary.share },
    holds,
    ...(traffic === undefined ? { services: [], resources: [] } : await partsOf(services, { app: app.name, traffic, instances: asked.instances ?? [] })),
  }
}

interface Facts {
  readonly app: AppName
  readonly traffic: Traffic
  readonly instances: readonly Instance[]
}

async function partsOf(services: Services, facts: Facts): Promise<Pick<AppView, 'services' | 'resources'>> {
  const { app, traffic: { live } } = facts
  const past = await services.store.journalOf(app, live.release, 0).read()
  const kept = servedBy(past, { app, release: live.release })
  return {
    services: kept?.specs.map((spec) => serviceView(services, facts, { spec, kept })) ?? [],
    resources: resourcesIn(past),
  }
}

function serviceView(services: Services, { app, traffic, instances }: Facts, { spec, kept }: { readonly spec: UnitSpec; readonly kept: KeptRelease }): ServiceView {
  return {
    service: spec.service,
    kind: spec.kind,
    domains: spec.domains ?? [],
    ...urlsOf(services, { app, spec, entry: traffic.entries[spec.service] }),
    instances: instances.filter(({ unit }) => unit.name === unitOf({ app }, spec, kept).name),
    ...(traffic.live.closed?.[spec.service] !== undefined && { maintenance: true as const }),
    ...(spec.schedule !== undefined && { schedule: spec.schedule }),
  }
}

function servedBy(past: readonly JournalEntry[], which: { readonly app: AppName; readonly release: ReleaseNumber }): KeptRelease | undefined {
  try {
    return keptIn(past, which)
  } catch (error) {
    // The edge can serve what the store has forgotten; the app is shown without its services then.
    if (isPlimsollError(error) && error.code === 'NOT_FOUND') return undefined
    throw error
  }
}

const plannedSchema = z.object({ wanted: wantedResourcesSchema })

function resourcesIn(past: readonly JournalEntry[]): ResourceView[] {
  return [...finishedSteps(past).values()].flatMap((gives) => {
    const wanted = plannedSchema.safeParse(gives).data?.wanted
    return [
      ...(wanted?.databases ?? []).map(({ name }) => ({ name, kind: 'database' as const })),
      ...(wanted?.keyValues ?? []).map(({ name }) => ({ name, kind: 'keyvalue' as const })),
    ]
  })
}

function urlsOf(services: Services, { app, spec, entry }: { readonly app: AppName; readonly spec: UnitSpec; readonly entry: Entry | undefined }): Pick<ServiceView, 'url' | 'namedUrl'> {
  if (!isPublic(spec.kind) || entry === undefined) return {}
  return { url: `http://localhost:${entry.port}`, namedUrl: `http://${slugOf(spec.service)}.${app}.localhost:${services.sharedPort}` }
}
