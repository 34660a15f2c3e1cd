import type { Driver } from '@plimsoll/engine'
import type { Address, AppName, Instance } from '@plimsoll/model'
import type { SwarmDriver } from './swarm-driver.ts'
import type { Tunnels } from './tunnels.ts'

/** The same driver for whoever is not in the cluster, as the edge of a verification is not: instances have addresses of this machine's loopback. To each other, units have those of the cluster. */
export function nearDriver(driver: SwarmDriver, tunnels: Pick<Tunnels, 'to'>): Driver {
  const { scatters: _, ...can } = driver.can
  const near = async (app: AppName, instances: readonly Instance[]): Promise<readonly Instance[]> => Promise.all(instances.map(async (instance) => {
    const { address } = instance
    return address === undefined ? instance : { ...instance, address: await tunnels.to(app, address) }
  }))
  return {
    ...driver, can,
    observe: async (app, signal) => near(app, await driver.observe(app, signal)),
    start: async (unit, signal) => near(unit.app, await driver.start(unit, signal)),
    addresses: async (app, unit, spec) => Promise.all((await driver.addresses(app, unit, spec)).map((address: Address) => tunnels.to(app, address))),
  }
}
