import { ensureEdge, type EdgeProcessOptions } from '@plimsoll/edge'
import type { Clock } from '@plimsoll/engine'

/** How often it is looked whether the edge is there. */
const everyMs = 500

export interface EdgeKeeping {
  readonly edge: EdgeProcessOptions
  /** Whether there is something to serve, or about to be. */
  readonly wanted: () => Promise<boolean>
  readonly clock: Clock
  readonly report: (error: unknown) => void
}

/** Starts the edge again whenever it has died, until `signal` fires; it comes back with what it served. Resolves then, and leaves it running. */
export async function keepEdge({ edge, wanted, clock, report }: EdgeKeeping, signal: AbortSignal): Promise<void> {
  let reported = false
  while (!signal.aborted) {
    // One that runs is adopted by the same call, which costs one question over its socket.
    const failure: unknown = await wanted().then(async (isWanted) => isWanted && ensureEdge(edge, signal)).then(() => undefined, (error: unknown) => error)
    if (failure !== undefined && !reported && !signal.aborted) report(failure)
    reported = failure !== undefined
    // The signal ends the wait, and the loop.
    await clock.sleep(everyMs, signal).catch(() => undefined)
  }
}
