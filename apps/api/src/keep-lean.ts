import type { Clock } from '@plimsoll/engine'

/** How often it is looked whether something was done, and is over. */
const everyMs = 4_000

export interface LeanParts {
  readonly clock: Clock
  /** Whether nothing is under way. */
  readonly isIdle: () => boolean
  /** Gives back what is not needed any more; it stands still meanwhile. */
  readonly collect: () => void
}

/**
 * Gives memory back once for each time that work has ended, until `signal` fires. By itself the engine keeps what a build or a verification took: it holds emptied
 * pages ready for as long as a few objects are made every second, as a watched release makes them. Figures: docs/performance.md.
 */
export async function keepLean({ clock, isIdle, collect }: LeanParts, signal: AbortSignal): Promise<void> {
  // Starting is work too.
  let worked = true
  while (!signal.aborted) {
    // The signal ends the wait, and the loop.
    await clock.sleep(everyMs, signal).catch(() => undefined)
    if (!isIdle()) worked = true
    else if (worked && !signal.aborted) {
      worked = false
      collect()
    }
  }
}

/** What `--expose-gc` gives this process; nothing is collected where it was started without. */
export function collectAll(): void {
  globalThis.gc?.({ type: 'major', flavor: 'last-resort' })
}
