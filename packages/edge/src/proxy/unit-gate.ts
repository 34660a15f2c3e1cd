import type { UnitCounters } from '@plimsoll/engine'
import type { Address, ReleaseNumber, Target } from '@plimsoll/model'
import { Exchange } from './exchange.ts'
import { UnitCounts } from './unit-counts.ts'
import { SocketPool } from './upstream/socket-pool.ts'

/**
 * The way to one Unit: what is in flight to it, its upstream sockets, its counts. It outlives the
 * Unit's place in the table, because requests claimed before a switch finish after it.
 */
export class UnitGate {
  readonly release: ReleaseNumber
  readonly service: string
  readonly exchanges = new Set<Exchange>()
  /** Sockets that are used again, while the Unit is live. */
  readonly kept = new SocketPool()
  readonly #counts = new UnitCounts()
  #target: Target
  #turn = 0

  constructor(release: ReleaseNumber, service: string, target: Target) {
    this.release = release
    this.service = service
    this.#target = target
  }

  get target(): Target {
    return this.#target
  }

  /** Whether no request ever came to the Unit. */
  get isUnasked(): boolean {
    return this.#counts.requests === 0
  }

  /** Registers a request as in flight; happens in the same turn in which the table was read. */
  enter(cut: () => void): Exchange {
    return new Exchange(this.exchanges, this.#counts, cut)
  }

  /** The Unit is live: its sockets are worth keeping. */
  welcome(target: Target): void {
    this.#target = target
    this.kept.reuse = true
  }

  /** The Unit is live no longer: it may close idle sockets at any moment now, so none is used again. */
  dismiss(target: Target | undefined): void {
    if (target !== undefined) this.#target = target
    this.kept.retire()
  }

  /** All addresses, each the first in its turn. */
  addressesInTurn(): readonly Address[] {
    if (this.#target.kind === 'files') return []
    const { addresses } = this.#target
    if (addresses.length === 1) return addresses
    this.#turn = (this.#turn + 1) % addresses.length
    return [...addresses.slice(this.#turn), ...addresses.slice(0, this.#turn)]
  }

  counters(): UnitCounters {
    return this.#counts.read(this.exchanges.size)
  }
}
