import type { UnitCounters } from '@plimsoll/engine'
import type { Address, ReleaseNumber, Target } from '@plimsoll/model'
import { Absence } from './absence.ts'
import { Exchange } from './exchange.ts'
import { Instances } from './instances.ts'
import type { Names } from './names.ts'
import { UnitCounts } from './unit-counts.ts'
import type { Attempt } from './upstream/attempt.ts'
import { SocketPool } from './upstream/socket-pool.ts'

/** What is told of a request that another process has answered. */
export interface NotedAnswer {
  readonly status: number
  /** Until the head of the answer was there. */
  readonly answeredMs: number
  /** How often the Unit refused, broke off or did not answer. */
  readonly failures: number
  readonly method: string
  readonly path: string
}

export interface GateOptions {
  readonly release: ReleaseNumber
  readonly service: string
  readonly target: Target
  /** How long requests wait for a Unit that takes no connections. */
  readonly absentMs: number
  /** Told when other instances of it can be asked than before. */
  readonly onInstances: () => void
  /** Whether the machine under the instance at this address is past use. */
  readonly isDoubtful: (address: string) => boolean
  readonly names: Names
}

/** An accept queue is given this long; one behind which a check finds nobody for so long is left out anyway. */
const [connectMs, checkedConnectMs] = [5_000, 1_000]

/** A read that has no answer after this long, while a machine is lost, is asked again. */
const stalledMs = 3_000

/**
 * The way to one Unit: what is in flight to it, its upstream sockets, its counts. It outlives the
 * Unit's place in the table, because requests claimed before a switch finish after it.
 */
export class UnitGate {
  readonly release: ReleaseNumber
  readonly service: string
  readonly exchanges = new Set<Exchange>()
  /** Sockets that are used again, while the Unit is live. */
  readonly kept: SocketPool
  readonly absence: Absence
  /** By which connections to it find their way. */
  readonly names: Names
  /** Requests that were sent to an instance, and have no whole answer yet. */
  readonly attempts = new Set<Attempt>()
  readonly #instances: Instances
  readonly #counts = new UnitCounts()
  #target: Target
  #turn = 0

  constructor({ release, service, target, absentMs, onInstances, isDoubtful, names }: GateOptions) {
    this.release = release
    this.service = service
    this.absence = new Absence(absentMs)
    this.names = names
    this.kept = new SocketPool(names)
    this.#target = target
    const onChange = (): void => {
      this.absence.wakeAll()
      onInstances()
    }
    this.#instances = new Instances(target, { names, onChange, onGone: (address) => this.#giveUp(address), onLeft: (address) => this.kept.forsake(address), isDoubtful })
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

  /** Counts a request that was answered without this process. */
  note({ status, answeredMs, failures, method, path }: NotedAnswer): void {
    const counts = this.#counts
    counts.requests += 1
    counts.upstreamFailures += failures
    counts.observe(answeredMs)
    if (status < 500) return
    counts.responses5xx += 1
    if (method === 'GET') counts.failedAt(path)
  }

  /** The Unit is live: its sockets are worth keeping. */
  welcome(target: Target): void {
    this.#target = target
    this.kept.reuse = true
    this.#instances.watch(target)
  }

  /** The Unit is live no longer: it may close idle sockets at any moment now, so none is used again. */
  dismiss(target: Target | undefined): void {
    if (target !== undefined) this.#target = target
    if (target === undefined) this.#instances.end()
    else this.#instances.watch(target)
    this.kept.retire()
    this.absence.wakeAll()
  }

  /** How long a connection to an instance may take. */
  get connectMs(): number {
    return this.#target.kind === 'instances' && this.#target.check !== undefined ? checkedConnectMs : connectMs
  }

  /** The addresses that can be asked now. */
  addresses(): readonly Address[] {
    return this.#instances.addresses()
  }

  /** The same, each the first in its turn. */
  addressesInTurn(): readonly Address[] {
    const addresses = this.addresses()
    if (addresses.length <= 1) return addresses
    this.#turn = (this.#turn + 1) % addresses.length
    return [...addresses.slice(this.#turn), ...addresses.slice(0, this.#turn)]
  }

  /** An instance took no connection. */
  refused(address: Address): void {
    this.#instances.refused(address)
  }

  /** Other machines are in doubt than before. */
  machinesChanged(): void {
    this.absence.wakeAll()
  }

  /**
   * A machine is lost. An instance elsewhere may wait, over a connection that it keeps, for another service that ran there, and the kernel tells it after many minutes. What
   * may be asked twice and has waited for long is asked again.
   */
  askStalled(): void {
    for (const attempt of this.attempts) attempt.askAgain(stalledMs)
  }

  /** Looks after its instances no more. */
  end(): void {
    this.#instances.end()
  }

  /** Whatever waits at this address would wait for as long as the kernel does. */
  #giveUp({ host, port }: Address): void {
    this.kept.forsake({ host, port })
    for (const attempt of this.attempts) if (attempt.address === `${host}:${port}`) attempt.giveUp()
  }

  counters(): UnitCounters {
    return this.#counts.read(this.exchanges.size)
  }
}
