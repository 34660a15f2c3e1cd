import { createTunnels, type SwarmDriver, type Tunnels } from '@plimsoll/drivers/swarm'
import type { Probe, ProbeQuestion } from '@plimsoll/engine'
import type { Address, AppName } from '@plimsoll/model'
import { builtInChecks, createProbe, createWarmUp, pagesCheck, usualWarmUp, type Near } from '@plimsoll/verify'
import type { Services } from '../services.ts'

/** Who asks the instances of an app in a cluster: by one line into its network, which is kept as long as somebody asks. */
export function swarmAskers(driver: Pick<SwarmDriver, 'dial'>, app: AppName): Pick<Services, 'probe' | 'checks' | 'warmUp'> {
  const probe = createProbe((address: Address, signal) => driver.dial(app, address, signal))
  /** For whoever keeps connections, as a browser does. */
  const through = async <T>(work: (near: Near) => Promise<T>): Promise<T> => {
    const tunnels = createTunnels(driver)
    try {
      return await work((address) => tunnels.to(app, address))
    } finally {
      await tunnels.close()
    }
  }
  const pages = { ...pagesCheck(), ask: (...[candidate, signal]: Parameters<ReturnType<typeof pagesCheck>['ask']>) => through((near) => pagesCheck(near).ask(candidate, signal)) }
  return { probe, checks: builtInChecks(probe, pages), warmUp: (unit, signal) => through((near) => createWarmUp(usualWarmUp, near)(unit, signal)) }
}

/** Asks through a tunnel as if there were none: whether something takes a connection is known at its other end. */
export function nearProbe(driver: Pick<SwarmDriver, 'dial'>, tunnels: Pick<Tunnels, 'behind'>): Probe {
  const plain = createProbe()
  const asked = <Question extends ProbeQuestion>(question: Question): readonly [Probe, Question] => {
    const behind = tunnels.behind(question.address)
    return behind === undefined ? [plain, question] : [createProbe((address, signal) => driver.dial(behind.app, address, signal)), { ...question, address: behind.address }]
  }
  return {
    async http(question, signal) {
      const [probe, own] = asked(question)
      return probe.http(own, signal)
    },
    async tcp(question, signal) {
      const [probe, own] = asked(question)
      return probe.tcp(own, signal)
    },
  }
}
