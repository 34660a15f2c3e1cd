import type { ClientLimits } from '../settings/client-limits.ts'

/** What of a connection tells whether its client is slow. */
export interface Progress {
  /** Whether the client is waited for: it has to send, or to take what it was given. */
  readonly awaited: 'upload' | 'answer' | undefined
  /** That came from it. */
  readonly bytes: number
  /** How often it had taken all that it was given. */
  readonly drains: number
}

type PaceLimits = Pick<ClientLimits, 'slowMs' | 'slowBytesPerSecond'>

/** Judges a client by what it did in the time that the limits give it, each time that it is looked at. */
export class Pace {
  #since: (Progress & { readonly at: number }) | undefined

  /** Whether it was waited for all the time and did too little. `now` in milliseconds. */
  isTooSlow(progress: Progress, now: number, { slowMs, slowBytesPerSecond }: PaceLimits): boolean {
    const since = this.#since
    const isOther = since === undefined || since.awaited !== progress.awaited || since.drains !== progress.drains
    if (progress.awaited === undefined) this.#since = undefined
    else if (isOther) this.#since = { ...progress, at: now }
    if (isOther || progress.awaited === undefined || now - since.at < slowMs) return false
    if (progress.awaited === 'answer') return true
    this.#since = { ...progress, at: now }
    return progress.bytes - since.bytes < (slowBytesPerSecond * (now - since.at)) / 1_000
  }
}
