import { plannedIn, unitOf } from '@plimsoll/engine'
import { isPlimsollError, type AppName, type AppView, type Instance, type Release, type ReleaseNumber, type UnitSpec } from '@plimsoll/model'
import type { AppRecord } from '@plimsoll/store'
import type { Place, Services } from '../services.ts'
import { liveBefore } from './choose-way-back-in-place.ts'
import { resourcesIn } from './resources-in.ts'

/** What is known of an app that a platform serves: it has no part in the edge's table. */
export interface InPlace extends Pick<AppView, 'services' | 'resources'> {
  readonly live: Release
  /** The one that was live before. */
  readonly back?: ReleaseNumber
}

type Glance = NonNullable<Place['glance']>

/** Of those of `apps` that a platform serves and that have a live release. A platform that does not answer tells no addresses and no instances. */
export async function inPlaceOf(services: Services, apps: readonly { readonly app: AppRecord }[], signal: AbortSignal): Promise<ReadonlyMap<AppName, InPlace>> {
  const found = await Promise.all(apps.map(async ({ app: { name, place } }) => {
    const glance = await glanceOf(services, place)
    const releases = glance === undefined ? [] : (await services.store.releases.list(name, { limit: 50 })).releases
    const live = releases.find(({ state }) => state === 'live')
    if (glance === undefined || live === undefined) return []
    const back = liveBefore(releases)[0]?.number
    return [[name, { ...(await shown(services, { glance, live }, signal)), ...(back !== undefined && { back }) }] as const]
  }))
  return new Map(found.flat())
}

/** A place that cannot be opened says why where it is asked what runs there. */
async function glanceOf({ places }: Services, place: AppRecord['place']): Promise<Glance | undefined> {
  try {
    return (await places.open(place)).glance
  } catch (error) {
    if (isPlimsollError(error)) return undefined
    throw error
  }
}

async function shown({ store }: Services, { glance, live }: { readonly glance: Glance; readonly live: Release }, signal: AbortSignal): Promise<InPlace> {
  const journal = await store.journalOf(live.app, live.number, 0).read()
  const specs = plannedIn(journal)?.specs ?? []
  const stands = await standsOf(glance, { live, specs }, signal)
  return {
    live, resources: resourcesIn(journal),
    services: specs.map((spec) => {
      const { service, kind, domains = [], schedule } = spec
      const { url, instances = [] } = stands[service] ?? {}
      return { service, kind, domains, instances: instances.map((instance) => instanceOf(live, spec, instance)), ...(url !== undefined && { url }), ...(schedule !== undefined && { schedule }) }
    }),
  }
}

/** The platform names only those that run, and keeps to itself how often each was started again. */
function instanceOf({ app, number }: Release, spec: UnitSpec, { id, startedAt }: { readonly id: string; readonly startedAt: string }): Instance {
  return { id, startedAt, state: 'running', restarts: 0, unit: unitOf({ app }, spec, { release: number, keeps: {} }) }
}

async function standsOf(glance: Glance, { live, specs }: { readonly live: Release; readonly specs: readonly UnitSpec[] }, signal: AbortSignal): ReturnType<Glance['stands']> {
  try {
    return await glance.stands(live.app, specs.map(({ service }) => service), signal)
  } catch (error) {
    if (isPlimsollError(error)) return {}
    throw error
  }
}
