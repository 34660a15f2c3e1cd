import type { Clock } from '@plimsoll/engine'
import { isPlimsollError, type ErrorCode } from '@plimsoll/model'
import type { VerbCall } from './around-verbs.ts'

/** Somebody who does not answer, and is started again by others. */
export interface Absence {
  /** The problem that says so. */
  readonly code: ErrorCode
  /** How long it is waited for, from the first answer that did not come. */
  readonly awayMs: number
  readonly clock: Clock
  /** Ends the waiting with the problem. */
  readonly unless?: AbortSignal
  /** Told when a wait begins, and why. */
  readonly waits?: (problem: Error) => void
}

const askAgainMs = 100

/**
 * `call`, made again while nobody answers: only for what converges, so that asking again is safe also when it is not known whether it was done.
 * Throws what the last call did, and the reason of the call's own signal when that fires first; a call without one is made once.
 */
export async function awaitReturn({ args, go }: VerbCall, { code, awayMs, clock, unless, waits }: Absence): Promise<unknown> {
  const signal = args.at(-1)
  let until: number | undefined
  for (;;) {
    try {
      return await go()
    } catch (error) {
      if (!isPlimsollError(error) || error.code !== code || !(signal instanceof AbortSignal)) throw error
      if (until === undefined && awayMs > 0) waits?.(error)
      until ??= clock.now() + awayMs
      if (clock.now() >= until) throw error
      await pause(clock, unless, signal)
      if (unless?.aborted === true) throw error
    }
  }
}

async function pause(clock: Clock, unless: AbortSignal | undefined, signal: AbortSignal): Promise<void> {
  const either = unless === undefined ? signal : AbortSignal.any([signal, unless])
  // Whichever fires ends the wait; only the call's own is thrown.
  await clock.sleep(askAgainMs, either).catch(() => signal.throwIfAborted())
}
