import type { Address } from '@plimsoll/model'
import { checkInstance } from './check-instance.ts'

/** How often a port is asked for a connection. */
export const watchMs = 500
/** So often in a row it has to be refused. */
const refusalsToBeGone = 2
/** So often in a row nothing has to come back; each time it is waited for a second. */
const silencesToBeCut = 3
/** The same, to be missed: less than a switch waits for an edge that does not answer. */
const silencesToBeMissed = 2
/** Half of how long a quick look waits. */
const quickMs = 100

/**
 * Whether a program that listens at all times still does. The kernel takes its connections, so that a busy program does not look like one that has ended: only where
 * nobody listens any more they are refused. Where no connection ever came about, or nothing comes back at all, nothing is known; a firewall does either.
 */
export class WatchedPort {
  readonly #address: Address
  #answered = false
  #refusals = 0
  #silences = 0
  #asking = false

  constructor(address: Address) {
    this.#address = address
  }

  /** It was there, and has ended. */
  get isGone(): boolean {
    return this.#answered && this.#refusals >= refusalsToBeGone
  }

  /** It was there, and nothing comes back from there any more. */
  get isCut(): boolean {
    return this.#answered && this.#silences >= silencesToBeCut
  }

  /** It was there, and nothing has come back from there for two seconds. */
  get isMissed(): boolean {
    return this.#answered && this.#silences >= silencesToBeMissed
  }

  /** It was there when it was asked last. */
  get isThere(): boolean {
    return this.#answered && this.#refusals === 0 && this.#silences === 0
  }

  /** Asks whether anything comes back again, and waits for a fifth of a second. Never throws. */
  async lookQuickly(): Promise<void> {
    if ((await checkInstance(this.#address, { everyMs: quickMs })) !== 'silent') this.#silences = 0
  }

  /** Asks once; while an answer is awaited it does nothing. Never throws. */
  async look(): Promise<void> {
    if (this.#asking) return
    this.#asking = true
    await this.#lookOnce()
    // At once, so that it is known before anybody switches without this edge.
    if (this.#silences === 1) await this.#lookOnce()
    this.#asking = false
  }

  async #lookOnce(): Promise<void> {
    const seen = await checkInstance(this.#address, { everyMs: watchMs })
    if (seen === 'well') this.#answered = true
    // Silence says nothing about the program.
    if (seen !== 'silent') this.#refusals = seen === 'well' ? 0 : this.#refusals + 1
    this.#silences = seen === 'silent' ? this.#silences + 1 : 0
  }
}
