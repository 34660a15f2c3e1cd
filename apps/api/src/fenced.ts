import type { Driver, Edge, Lease, Platform, Resources } from '@plimsoll/engine'
import { awaitEdge } from './await-edge.ts'
import { aroundVerbs, type Verb, type VerbCall } from './around-verbs.ts'
import type { PlacedServices } from './services.ts'

/** What changes an app's place, its edge or its data. Journal and releases have their fence in the database. */
export const effects = {
  driver: ['build', 'exec', 'start', 'stop'],
  edge: ['shift', 'drain', 'pause', 'maintain', 'quiesce', 'remove', 'publish'],
  resources: ['ensure', 'destroy'],
  platform: ['apply', 'begin', 'cancel', 'rollBack', 'holdAutoDeploy'],
} as const satisfies { readonly driver: readonly Verb<Driver>[]; readonly edge: readonly Verb<Edge>[]; readonly resources: readonly Verb<Resources>[]; readonly platform: readonly Verb<Platform>[] }

/**
 * `services` for whoever acts under `lease`: every effect is refused from the moment that the lease is lost. It is asked right
 * before each, because one that stood still has missed the word of its loss, and hears it only some time after it goes on.
 * An edge that dies is waited for: it comes back with what it served.
 */
export function fenced(services: PlacedServices, lease: Pick<Lease, 'stands'>): PlacedServices {
  const check = async ({ go }: VerbCall): Promise<unknown> => {
    await lease.stands()
    return go()
  }
  return {
    ...services,
    driver: aroundVerbs(services.driver, effects.driver, check),
    edge: aroundVerbs(aroundVerbs(services.edge, effects.edge, check), [...effects.edge, 'live', 'holds', 'standings'], async (call) => awaitEdge(call, services.clock)),
    resources: aroundVerbs(services.resources, effects.resources, check),
    ...(services.platform !== undefined && { platform: aroundVerbs(services.platform, effects.platform, check) }),
  }
}
