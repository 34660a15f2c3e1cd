import { clientOf, appOf, madeSwitch, urlOf } from '../release/ask-plimsoll.ts'
import type { Peer } from './peer.ts'
import { services, type Ports } from './storefront-at.ts'

/** `plimsoll release` of a commit: all of it, from the source to the switch. Both builds are there, so none is made anew. */
export const plimsollRelease: Peer = {
  name: 'plimsoll release',
  documentation: 'docs/releases.md',
  whyNot: async () => undefined,
  async setUp({ builds }) {
    const { scene } = builds
    const [api, web] = await Promise.all(services.map(async (service) => Number(new URL(await urlOf(scene, service)).port)))
    const ports: Ports = { api: api ?? 0, web: web ?? 0 }
    const first = (await appOf(scene)).live?.number
    if (first === undefined) throw new Error('nothing is live where the storefront was built')
    return {
      webPort: ports.web,
      apiPort: ports.api,
      first,
      async release(release, { asked, acknowledged }) {
        await builds.writeSource(release)
        await scene.plimsoll('release', scene.storefront)
        const made = await madeSwitch(await clientOf(scene), release, release - 1)
        // Decided when the step that moves the traffic is written down, long after the command began.
        asked(made.askedAt)
        acknowledged(made.acknowledgedAt)
      },
      settled: async () => undefined,
    }
  },
}
