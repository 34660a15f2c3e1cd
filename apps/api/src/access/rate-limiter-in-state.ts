import type { Clock } from '@plimsoll/engine'
import type { Store } from '@plimsoll/store'
import { RateLimiterPostgres, RateLimiterRes, type IRateLimiterOptions } from 'rate-limiter-flexible'

interface Options extends IRateLimiterOptions {
  readonly attempts: Store['attempts']
  readonly clock: Clock
}

interface Counted {
  readonly points: number
  readonly endsAt: string
}

/**
 * rate-limiter-flexible over Plimsoll's own state, which does not hand its connections out. The names with an underscore are those by which the library
 * asks a store; that for PostgreSQL is the one it exports which wants nothing else.
 */
export class RateLimiterInState extends RateLimiterPostgres {
  readonly #attempts: Store['attempts']
  readonly #clock: Clock

  constructor({ attempts, clock, ...limits }: Options) {
    super({ ...limits, storeClient: attempts, storeType: 'client', tableCreated: true, clearExpiredByTimeout: false })
    this.#attempts = attempts
    this.#clock = clock
  }

  // oxlint-disable-next-line max-params -- so the library calls it
  async _upsert(key: string, points: number, msDuration: number, forceExpire = false): Promise<Counted> {
    const now = this.#clock.now()
    return this.#attempts.add({ key, points, at: new Date(now).toISOString(), endsAt: new Date(now + msDuration).toISOString(), anew: forceExpire })
  }

  async _get(key: string): Promise<Counted | null> {
    return (await this.#attempts.find(key, new Date(this.#clock.now()).toISOString())) ?? null
  }

  async _delete(key: string): Promise<boolean> {
    return this.#attempts.forget(key)
  }

  _getRateLimiterRes(_key: string, changed: number, { points, endsAt }: Counted): RateLimiterRes {
    return new RateLimiterRes(Math.max(this.points - points, 0), Math.max(Date.parse(endsAt) - this.#clock.now(), 0), points, points === changed)
  }
}
