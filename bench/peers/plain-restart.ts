import { setTimeout as sleep } from 'node:timers/promises'
import type { Shop } from '../../e2e/src/shop/start-shop.ts'
import type { ShopWorld } from '../../e2e/test/shop-world.ts'
import type { Peer } from './peer.ts'
import { environmentOf, portPair, services, servesBoth, type Ports } from './shop-at.ts'

/** systemd's own default of `TimeoutStopSec`. */
const stopMs = 90_000

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
    let running = startBoth(world, 1, ports)
    await servesBoth(1, ports)
    return {
      webPort: ports.web,
      apiPort: ports.api,
      async release(release, { asked, acknowledged }) {
        asked()
        running = await Promise.all(services.map(async (service, at) => {
          await stop(running[at])
          return start(world, service, { release, ports })
        }))
        await servesBoth(release, ports)
        acknowledged()
      },
      settled: async () => undefined,
      close: async () => void (await Promise.all(running.map((shop) => shop.end('SIGKILL')))),
    }
  },
}

function startBoth(world: ShopWorld, release: number, ports: Ports): Shop[] {
  return services.map((service) => start(world, service, { release, ports }))
}

function start(world: ShopWorld, service: (typeof services)[number], build: { readonly release: number; readonly ports: Ports }): Shop {
  return world.start(build.release, environmentOf(service, build), service)
}

async function stop(shop: Shop | undefined): Promise<void> {
  const patience = new AbortController()
  const killed = sleep(stopMs, undefined, { signal: patience.signal }).then(() => shop?.end('SIGKILL')).catch(() => undefined) // it ended in time
  await shop?.end('SIGTERM')
  patience.abort()
  await killed
}
