import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { DockerPlace, DockerPlaceParts } from './docker-place.ts'
import { offerPlace, type PlaceOffer } from './offer-place.ts'

/** Docker, which is loaded and asked for nothing before an app lives there or an image is built. */
export function dockerOffer(parts: Omit<DockerPlaceParts, 'home'>): PlaceOffer<DockerPlace> {
  const home = join(parts.config.home, 'docker')
  return offerPlace({
    name: 'docker',
    wasUsed: () => access(home).then(() => true, () => false),
    make: async () => (await import('./docker-place.ts')).dockerPlace({ ...parts, home }),
  })
}
