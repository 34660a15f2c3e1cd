import { createTunnels, type SwarmDriver } from '@plimsoll/drivers/swarm'
import type { DatabaseClones } from '@plimsoll/engine'
import { isPlimsollError, PlimsollError } from '@plimsoll/model'
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
      } catch (error) {
        throw inTheCluster(wanted, error)
      } finally {
        await tunnels.close()
      }
    },
  }
}

/** Where a tunnel begins says nothing to a person. */
function inTheCluster({ from, to, name }: Parameters<DatabaseClones['fill']>[0], error: unknown): unknown {
  if (!isPlimsollError(error) || error.code !== 'DATABASE_DOWN') return error
  return new PlimsollError('DATABASE_DOWN', `The database ${name} of ${from}, or that of ${to}, did not answer to the end: nothing of it was cloned`, { hint: 'See whether both run: docker service ls. Then try again: what was begun is not there.', cause: error })
}
