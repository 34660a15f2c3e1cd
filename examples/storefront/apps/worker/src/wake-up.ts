import { setTimeout as sleep } from 'node:timers/promises'

/** Lets a loop rest until it is rung, until a time has passed, or until the work is over. */
export class WakeUp {
  #ring = Promise.withResolvers<void>()

  ring(): void {
    this.#ring.resolve()
  }

  async rest(ms: number, signal: AbortSignal): Promise<void> {
    const timer = new AbortController()
    const pause = sleep(ms, undefined, { signal: AbortSignal.any([signal, timer.signal]) })
    await Promise.race([this.#ring.promise, pause.catch(() => undefined)])
    timer.abort()
    this.#ring = Promise.withResolvers()
  }
}
