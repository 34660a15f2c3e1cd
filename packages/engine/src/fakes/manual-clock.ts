import type { Clock } from '../clock.ts'

export interface ManualClock extends Clock {
  /** Lets `ms` pass: wakes sleepers in the order of their times, and those who fall asleep again on the way. */
  advance(ms: number): Promise<void>
  /** How many are asleep now. */
  readonly sleepers: number
}

interface Sleeper {
  readonly due: number
  wake(): void
}

/**
 * A clock that stands still until it is told. With `auto` it jumps to the next sleeper's
 * time whenever nothing else is left to do, so that waiting costs no real time.
 */
export function manualClock(options: { readonly startsAt?: number; readonly auto?: boolean } = {}): ManualClock {
  let now = options.startsAt ?? Date.parse('2026-01-01T00:00:00Z')
  const sleepers = new Set<Sleeper>()

  function wakeNext(limit: number): boolean {
    const next = [...sleepers].sort((a, b) => a.due - b.due)[0]
    if (next === undefined || next.due > limit) return false
    now = Math.max(now, next.due)
    next.wake()
    return true
  }

  function sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      const end = (settle: () => void) => {
        sleepers.delete(sleeper)
        signal.removeEventListener('abort', onAbort)
        settle()
      }
      const onAbort = () => end(() => reject(signal.reason))
      const sleeper: Sleeper = { due: now + Math.max(0, ms), wake: () => end(resolve) }
      sleepers.add(sleeper)
      signal.addEventListener('abort', onAbort)
      if (options.auto === true) setImmediate(() => wakeNext(Infinity))
    })
  }

  async function advance(ms: number): Promise<void> {
    const until = now + ms
    await everybodyElse()
    while (wakeNext(until)) await everybodyElse()
    now = until
  }

  return { now: () => now, sleep, advance, get sleepers() { return sleepers.size } }
}

/** Resolves when promises that are already settled have had their say. */
function everybodyElse(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
