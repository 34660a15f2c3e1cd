import type { UnitCounts } from './unit-counts.ts'

interface Asked {
  readonly method?: string | undefined
  readonly url?: string | undefined
}

/**
 * One request between its claim and its last byte, held against the Unit that answers it.
 * A Unit may be stopped when it holds no exchange.
 */
export class Exchange {
  /** Streams have no end of their own, so draining gives them another grace than requests. */
  kind: 'request' | 'stream' = 'request'
  readonly #holder: Set<Exchange>
  readonly #counts: UnitCounts
  readonly #startedAt = performance.now()
  #onLeave: (() => void)[] = []
  #counted = false
  #onStream: (() => void)[] = []
  #cut: () => void

  constructor(holder: Set<Exchange>, counts: UnitCounts, cut: () => void) {
    this.#holder = holder
    this.#counts = counts
    this.#cut = cut
    holder.add(this)
  }

  get open(): boolean {
    return this.#holder.has(this)
  }

  /** The head of the answer is there. Response time counts to here: later bytes are paced by the client. */
  answered(status: number, asked?: Asked): void {
    this.#count()
    this.#counts.observe(performance.now() - this.#startedAt)
    if (status < 500) return
    this.#counts.responses5xx += 1
    if (asked?.method === 'GET' && asked.url?.startsWith('/') === true) this.#counts.failedAt(asked.url)
  }

  upstreamFailed(): void {
    this.#counts.upstreamFailures += 1
  }

  becomeStream(cut: () => void): void {
    this.kind = 'stream'
    this.#cut = cut
    for (const tell of this.#onStream) tell()
    this.#onStream = []
  }

  /** Ends it against the client's will. */
  cut(): void {
    this.#cut()
  }

  /** Nothing more will be sent. Called twice, does nothing the second time. */
  leave(): void {
    if (!this.open) return
    this.#count()
    this.giveUp()
  }

  /** The request goes on in another exchange, and is counted there. */
  giveUp(): void {
    if (!this.#holder.delete(this)) return
    for (const tell of this.#onLeave) tell()
    this.#onLeave = []
  }

  whenLeft(tell: () => void): void {
    if (this.open) this.#onLeave.push(tell)
    else tell()
  }

  /** Tells when it turns out to have no end of its own; at once when that is known already. */
  whenStream(tell: () => void): void {
    if (this.kind === 'request') this.#onStream.push(tell)
    else tell()
  }

  /** Once, when it is answered or when nobody waits for that any more: so that shares of bad answers are of what is known. */
  #count(): void {
    if (!this.#counted) this.#counts.requests += 1
    this.#counted = true
  }
}
