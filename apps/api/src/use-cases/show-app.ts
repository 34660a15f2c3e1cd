import { unitOf, type KeptRelease, type Standing } from '@plimsoll/engine'
import { isPublic, roleIn, slugOf, type AppName, type AppView, type Entry, type Instance, type Principal, type Release, type ServiceView, type Traffic, type UnitSpec } from '@plimsoll/model'
import type { AppRecord } from '@plimsoll/store'
import type { ReleaseRunner } from '../release-runner.ts'
import { askPlace, type PlaceAnswer } from '../ask-place.ts'
import type { Services } from '../services.ts'
import { inPlaceOf, type InPlace } from './show-in-place.ts'
import { newestTrusted } from './choose-way-back.ts'
import { findApp } from './find-app.ts'
import { shownHolds } from './hold-app.ts'
import { madeOf, type MadeOf } from './made-of.ts'

interface Viewing {
  readonly services: Services
  readonly runner: ReleaseRunner
  /** Of several Plimsolls on one home: whether this is the one in which releases run. */
  readonly unit?: { readonly holds: boolean }
}

/** One app as it stands now, read from the edge and from the place; a place that does not answer is part of the answer. Throws `NOT_FOUND`, `EDGE_DOWN`. */
export async function showApp(parts: Viewing, name: AppName, signal: AbortSignal): Promise<AppView> {
  const { edge } = parts.services
  const app = await findApp(parts.services, name)
  const [traffic, holds] = await Promise.all([edge.live(name, signal), edge.holds(name, signal)])
  const [view] = await viewsOf(parts, [{ app, traffic, holds }], signal)
  if (view === undefined) throw new Error(`${name} has no view`)
  return view
}

/** Every app that `who` may see, as it stands now, by name. However many they are, the edge is asked once, and the database a few times. */
export async function listApps(parts: Viewing, { grants }: Pick<Principal, 'grants'>, signal: AbortSignal): Promise<AppView[]> {
  const { store, edge } = parts.services
  const [all, standings] = await Promise.all([store.apps.list(), edge.standings(signal)])
  const apps = all.filter(({ name }) => roleIn(grants, name) !== undefined)
  return viewsOf(parts, apps.map((app) => ({ app, holds: {}, ...standings.get(app.name) })), signal)
}

/** An app, and what the edge does for it. */
interface Placed extends Standing {
  readonly app: AppRecord
}

async function viewsOf(viewing: Viewing, all: readonly Placed[], signal: AbortSignal): Promise<AppView[]> {
  const { services } = viewing
  const { manyReleases } = services.store
  const served = all.flatMap(({ app: { name: app }, traffic }) => (traffic === undefined ? [] : [traffic.live, ...traffic.previous].map(({ release }) => ({ app, release }))))
  const lives = new Map(all.map(({ app: { name }, traffic }) => [name, traffic?.live.release]))
  const inPlace = await inPlaceOf(services, all.filter(({ traffic }) => traffic === undefined), signal)
  const known = manyReleases.findAndLast(served, all.map(({ app }) => app.name))
  const [asked, releases, made, going] = await Promise.all([
    Promise.all(all.map(({ app }) => askPlace(services, app, signal))), known,
    known.then((found) => madeOf(manyReleases, found.filter(({ app, number }) => lives.get(app) === number))),
    Promise.all(all.map(({ app: { name } }) => underWay(viewing, name))),
  ])
  const byApp = Map.groupBy(releases, ({ app }) => app)
  return all.map((placed, index) => viewOf(services, placed, {
    asked: asked[index] ?? { instances: [] }, made, underWay: going[index] ?? null, inPlace: inPlace.get(placed.app.name),
    releases: byApp.get(placed.app.name) ?? [],
  }))
}

/** What is known of an app besides. */
interface Told {
  readonly asked: PlaceAnswer
  /** Where it serves without the edge. */
  readonly inPlace: InPlace | undefined
  /** Of the app: those that the edge knows, and the newest that is not under way. */
  readonly releases: readonly Release[]
  readonly underWay: Release | null
  readonly made: (release: Release) => MadeOf
}

function viewOf(services: Services, { app, traffic, holds }: Placed, { asked, inPlace, releases, underWay, made }: Told): AppView {
  const back = inPlace?.back ?? newestTrusted(traffic, releases)
  const live = releases.find(({ number }) => number === traffic?.live.release) ?? null
  return {
    name: app.name,
    root: app.root,
    place: app.place,
    ...(asked.problem !== undefined && { placeProblem: asked.problem }),
    createdAt: app.createdAt,
    live: inPlace?.live ?? live,
    last: releases.filter(({ state }) => state !== 'releasing').reduce<Release | null>(newer, null),
    previous: traffic?.previous.map(({ release }) => release) ?? [],
    ...(back !== undefined && { back }),
    ...(traffic?.cutOff !== undefined && { cutOff: traffic.cutOff }),
    underWay,
    canary: traffic?.canary === undefined ? null : { release: traffic.canary.release.release, share: traffic.canary.share },
    holds: shownHolds(holds),
    ...(traffic === undefined || live === null ? { services: inPlace?.services ?? [], resources: inPlace?.resources ?? [] } : partsOf(services, { app: app.name, traffic, instances: asked.instances ?? [] }, made(live))),
  }
}

function newer(one: Release | null, other: Release): Release {
  return one === null || other.number > one.number ? other : one
}

/** Where another one holds the home, what the state says of it. */
async function underWay({ services, runner, unit }: Viewing, app: AppName): Promise<Release | undefined> {
  if (unit?.holds !== false) return runner.underWay(app)
  const [latest] = (await services.store.releases.list(app, { limit: 1 })).releases
  return latest?.state === 'releasing' ? latest : undefined
}

interface Facts {
  readonly app: AppName
  readonly traffic: Traffic
  readonly instances: readonly Instance[]
}

function partsOf(services: Services, facts: Facts, { kept, resources }: MadeOf): Pick<AppView, 'services' | 'resources'> {
  return { services: kept?.specs.map((spec) => serviceView(services, facts, { spec, kept })) ?? [], resources: [...resources] }
}

function serviceView(services: Services, { app, traffic, instances }: Facts, { spec, kept }: { readonly spec: UnitSpec; readonly kept: KeptRelease }): ServiceView {
  const { name } = unitOf({ app }, spec, kept)
  return {
    service: spec.service,
    kind: spec.kind,
    domains: spec.domains ?? [],
    ...urlsOf(services, { app, spec, entry: traffic.entries[spec.service] }),
    instances: instances.filter(({ unit }) => unit.name === name),
    ...(traffic.live.closed?.[spec.service] !== undefined && { maintenance: true as const }),
    ...(spec.schedule !== undefined && { schedule: spec.schedule }),
  }
}

function urlsOf(services: Services, { app, spec, entry }: { readonly app: AppName; readonly spec: UnitSpec; readonly entry: Entry | undefined }): Pick<ServiceView, 'url' | 'namedUrl'> {
  if (!isPublic(spec.kind) || entry === undefined) return {}
  return { url: `http://localhost:${entry.port}`, namedUrl: `http://${slugOf(spec.service)}.${app}.localhost:${services.sharedPort}` }
}
