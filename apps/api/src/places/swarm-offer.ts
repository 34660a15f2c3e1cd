import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { PlimsollError } from '@plimsoll/model'
import { rememberCluster } from './known-cluster.ts'
import { offerPlace, type PlaceOffer } from './offer-place.ts'
import type { SwarmPlace, SwarmPlaceParts } from './swarm-place.ts'

/** A cluster, which is loaded and asked for nothing before an app lives there. */
export function swarmOffer({ config, ...parts }: Omit<SwarmPlaceParts, 'home' | 'settings'>): PlaceOffer<SwarmPlace> {
  const home = join(config.home, 'swarm')
  return offerPlace({
    name: 'swarm',
    wasUsed: () => access(home).then(() => true, () => false),
    async make() {
      const settings = config.swarm
      if (settings === undefined) {
        throw new PlimsollError('PLACE_CANNOT', 'This Plimsoll knows no cluster', { hint: 'Give the place in plimsoll.config.ts managers, registry and edgeImage, or start it with PLIMSOLL_SWARM_MANAGERS, PLIMSOLL_SWARM_REGISTRY and PLIMSOLL_SWARM_EDGE_IMAGE: docs/swarm.md' })
      }
      const place = await (await import('./swarm-place.ts')).swarmPlace({ ...parts, config, home, settings })
      await rememberCluster(config.home, settings)
      return place
    },
  })
}
