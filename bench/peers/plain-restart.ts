import { setTimeout as sleep } from 'node:timers/promises'
import type { Peer } from './peer.ts'
import type { Instance } from './peer-world.ts'
import { portPair, services, servesBoth } from './storefront-at.ts'

/** `TimeoutStopSec`: as long as every peer gives, and the storefront's Blueprint asks for, instead of systemd's own 90 s. */
const stopMs = 30_000

/**
 * `systemctl restart shop-api shop-web`: both units at once, each stopped with SIGTERM and waited for, then started again on its port.
 * systemd itself is not needed for that, and so not asked for.
 */
export const plainRestart: Peer = {
  name: 'plain restart',
  documentation: 'https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#TimeoutStopSec=',
  whyNot: async () => undefined,
  async setUp(world) {
    const ports = await portPair()
    let running = await Promise.all(services.map((service) => world.start(service, 1, ports)))
    await servesBoth(1, ports)
    return {
      webPort: ports.web,
      apiPort: ports.api,
      first: 1,
      async release(release, { asked, acknowledged }) {
        await Promise.all(services.map((service) => world.layDown(service, release)))
        asked()
        running = await Promise.all(services.map(async (service, at) => {
          await stop(running[at])
          return world.start(service, release, ports)
        }))
        await servesBoth(release, ports)
        acknowledged()
      },
      settled: async () => undefined,
    }
  },
}

async function stop(instance: Instance | undefined): Promise<void> {
  const patience = new AbortController()
  const killed = sleep(stopMs, undefined, { signal: patience.signal }).then(() => instance?.end('SIGKILL')).catch(() => undefined) // it ended in time
  await instance?.end('SIGTERM')
  patience.abort()
  await killed
}
