import { plannedIn, type Platform, type Stand } from '@plimsoll/engine'
import { isPlimsollError, type AppName, type AppView, type Release } from '@plimsoll/model'
import type { AppRecord } from '@plimsoll/store'
import type { Services } from '../services.ts'
import { resourcesIn } from './resources-in.ts'

/** What is known of an app that a platform serves: it has no part in the edge's table. */
export interface InPlace extends Pick<AppView, 'services' | 'resources'> {
  readonly live: Release
}

/** Of those of `apps` that a platform serves and that have a live release. A platform that does not answer tells no addresses. */
export async function inPlaceOf(services: Services, apps: readonly { readonly app: AppRecord }[], signal: AbortSignal): Promise<ReadonlyMap<AppName, InPlace>> {
  const found = await Promise.all(apps.map(async ({ app: { name, place } }) => {
    const platform = await platformOf(services, place)
    const live = platform && (await liveIn(services, name))
    return platform === undefined || live === undefined ? [] : [[name, await shown(services, { platform, live }, signal)] as const]
  }))
  return new Map(found.flat())
}

/** A place that cannot be opened says why where it is asked what runs there. */
async function platformOf({ places }: Services, place: AppRecord['place']): Promise<Platform | undefined> {
  try {
    return (await places.open(place)).platform
  } catch (error) {
    if (isPlimsollError(error)) return undefined
    throw error
  }
}

async function liveIn({ store }: Services, app: AppName): Promise<Release | undefined> {
  return (await store.releases.list(app, { limit: 50 })).releases.find(({ state }) => state === 'live')
}

async function shown({ store }: Services, { platform, live }: { readonly platform: Platform; readonly live: Release }, signal: AbortSignal): Promise<InPlace> {
  const journal = await store.journalOf(live.app, live.number, 0).read()
  const specs = plannedIn(journal)?.specs ?? []
  const stands = await standsOf(platform, live.app, { specs, signal })
  return {
    live, resources: resourcesIn(journal),
    services: specs.map(({ service, kind, domains = [], schedule }) => {
      const url = stands[service]?.url
      return { service, kind, domains, instances: [], ...(url !== undefined && { url }), ...(schedule !== undefined && { schedule }) }
    }),
  }
}

async function standsOf(platform: Platform, app: AppName, { specs, signal }: { readonly specs: readonly { readonly service: Parameters<Platform['stands']>[1][number] }[]; readonly signal: AbortSignal }): Promise<Readonly<Record<string, Stand>>> {
  try {
    return await platform.stands(app, specs.map(({ service }) => service), signal)
  } catch (error) {
    if (isPlimsollError(error)) return {}
    throw error
  }
}
