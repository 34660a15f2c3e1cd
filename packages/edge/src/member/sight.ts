import { getServers } from 'node:dns'
import type { Address } from '@plimsoll/model'
import { WatchedPort, watchMs } from '../proxy/watched-port.ts'

/** Where the engine of a container answers for names, in every network but the oldest. */
const engineResolver = { host: '127.0.0.11', port: 53 } as const

/** Undefined where this process asks somebody else for names. */
export function resolverOfEngine(): Address | undefined {
  return getServers().includes(engineResolver.host) ? engineResolver : undefined
}

/** Whether this edge can look names up. In a container its engine does that, and whatever the edge is told of after the engine has ended it cannot find. */
export class Sight {
  /** Called again and again while it cannot. */
  onBlind: () => void = () => undefined
  readonly #resolver: WatchedPort | undefined
  readonly #timer: NodeJS.Timeout | undefined

  /** Without a `resolver` it can always. */
  constructor(resolver: Address | undefined) {
    if (resolver === undefined) return
    const port = new WatchedPort(resolver)
    this.#resolver = port
    this.#timer = setInterval(() => void port.look().then(() => port.isGone && this.onBlind()), watchMs).unref()
  }

  get isBlind(): boolean {
    return this.#resolver?.isGone === true
  }

  end(): void {
    clearInterval(this.#timer)
  }
}
