/** How often one of those that wait tries whether an instance takes connections again. */
const tryMs = 50

/** How many requests wait for one Unit at most: each holds a socket and its buffers, about 20 kB. */
const roomFor = 2_000

/** A request that nobody has seen yet. */
export interface Waiting {
  /** False when its client has gone. */
  isOpen(): boolean
  tryAgain(): void
}

/**
 * The time in which no instance of a Unit takes connections, as between a crash and the restart behind it. Requests wait for
 * its end. The first of them is the one that tries, so that a restart meets one connection and not all.
 */
export class Absence {
  readonly #waiting = new Set<Waiting>()
  readonly #mostMs: number
  #since: number | undefined
  #timer: NodeJS.Timeout | undefined

  /** Nobody waits when it has lasted for `mostMs`: a service that stays down says so at once. */
  constructor(mostMs: number) {
    this.#mostMs = mostMs
  }

  /**
   * Has it try again once: when it is this one's turn to try, or when there is somebody to answer. False, and never calls, where the
   * Unit has been absent for too long or too many wait already. Whoever is refused again comes back.
   */
  wait(request: Waiting): boolean {
    this.#since ??= performance.now()
    if (this.#lasted || this.#waiting.size >= roomFor) return false
    this.#waiting.add(request)
    this.#timer ??= setInterval(() => this.#tick(), tryMs)
    return true
  }

  /** An instance has taken a connection. Does nothing when none was missing. */
  over(): void {
    if (this.#since === undefined) return
    this.#since = undefined
    this.wakeAll()
  }

  /** Lets all try: what they wait for may be elsewhere by now. */
  wakeAll(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    const woken = [...this.#waiting]
    this.#waiting.clear()
    for (const request of woken) if (request.isOpen()) request.tryAgain()
  }

  get #lasted(): boolean {
    return this.#since !== undefined && performance.now() - this.#since >= this.#mostMs
  }

  #tick(): void {
    if (this.#waiting.size === 0 || this.#lasted) return this.wakeAll()
    for (const request of this.#waiting) {
      this.#waiting.delete(request)
      if (request.isOpen()) return request.tryAgain()
    }
  }
}
