import type { Counters } from '@plimsoll/engine'
import type { AppName } from '@plimsoll/model'
import { sumOfCounters } from '../proxy/sum-of-counters.ts'

/** What one process of an edge has counted. */
export interface LifeCounters {
  /** The edge and its process. */
  readonly name: string
  readonly life: string
  readonly counters: Counters
}

/**
 * Sums that only ever grow, over edges that come and go: of one that is away, or has died, what it told last counts on. Nobody knows what it
 * counted between that and its end, and nothing is in flight in it as far as anybody knows.
 */
export class FleetCounters {
  readonly #apps = new Map<AppName, Map<string, LifeCounters>>()

  /** The sum over what these have counted and what others had. */
  sum(app: AppName, heard: readonly LifeCounters[]): Counters {
    const lives = this.#apps.get(app) ?? new Map<string, LifeCounters>()
    this.#apps.set(app, lives)
    for (const each of heard) lives.set(`${each.name} ${each.life}`, each)
    const present = new Set(heard.map(({ name, life }) => `${name} ${life}`))
    return [...lives].map(([key, { counters }]) => (present.has(key) ? counters : withNothingInFlight(counters))).reduce(sumOfCounters, {})
  }

  /** Begins anew with an app that is gone. */
  forget(app: AppName): void {
    this.#apps.delete(app)
  }
}

function withNothingInFlight(counters: Counters): Counters {
  return Object.fromEntries(Object.entries(counters).map(([unit, counts]) => [unit, { ...counts, inFlight: 0 }]))
}
