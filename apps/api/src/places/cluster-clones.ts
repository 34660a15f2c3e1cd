import { createTunnels, type SwarmDriver } from '@plimsoll/drivers/swarm'
import type { DatabaseClones } from '@plimsoll/engine'
import { cloneDatabases, type CloningParts } from './clone-databases.ts'

export interface ClusterCloningParts extends CloningParts {
  readonly driver: Pick<SwarmDriver, 'dial'>
}

/**
 * From one database of a cluster to another one, through this machine, which reads from the first and writes to the second as they can take it. `reach` gives addresses of the
 * networks of apps. The ports of the loopback that lead there are this clone's own, and shut when it has ended, however.
 */
export function clusterClones({ store, driver, reach }: ClusterCloningParts): DatabaseClones {
  return {
    async fill(wanted, signal) {
      const tunnels = createTunnels(driver)
      try {
        await cloneDatabases({ store, async reach(which, until) {
          const address = await reach(which, until)
          return address && tunnels.to(which.app, address)
        } }).fill(wanted, signal)
      } finally {
        await tunnels.close()
      }
    },
  }
}
