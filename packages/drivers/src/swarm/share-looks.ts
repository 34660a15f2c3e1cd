import type { Clock } from '@plimsoll/engine'
import { unlessAborted } from './unless-aborted.ts'

export interface Sharing {
  readonly clock: Clock
  /** Between the beginnings of two looks; one that takes longer is waited for. */
  readonly everyMs: number
}

const never = new AbortController().signal

/**
 * One look for all who want the same at about the same time. Each is given what a look has seen that began after it asked, and whoever asks when there was none for a
 * while does not wait. Who gives up is told so at once, and the look goes on for the others. A look that fails fails for those who wait for it, and for nobody else.
 */
export function shareLooks<T>(look: (signal: AbortSignal) => Promise<T>, { clock, everyMs }: Sharing): (signal: AbortSignal) => Promise<T> {
  let next: Promise<T> | undefined
  let last: Promise<unknown> = Promise.resolve()
  let begunAt = -Infinity
  const begin = async (): Promise<T> => {
    await last
    const early = begunAt + everyMs - clock.now()
    if (early > 0) await clock.sleep(early, never)
    // From here on it is too late to be among those who are given what it sees.
    next = undefined
    begunAt = clock.now()
    const seen = look(never)
    last = seen.catch(() => undefined)
    return seen
  }
  return async (signal) => {
    signal.throwIfAborted()
    next ??= begin()
    return unlessAborted(next, signal)
  }
}
