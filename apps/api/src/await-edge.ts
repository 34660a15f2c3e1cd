import type { Clock } from '@plimsoll/engine'
import { isPlimsollError } from '@plimsoll/model'
import type { VerbCall } from './around-verbs.ts'

/** How long an edge that does not answer is waited for: its heir serves after a tenth of a second, and one that died with its heir is started again within seconds. */
const awayMs = 10_000
const askAgainMs = 100

/**
 * `call` to an edge, made again while nobody answers: what the edge does converges, so asking again is safe also when it is
 * not known whether it was done. `EDGE_DOWN` after ten seconds.
 */
export async function awaitEdge({ args, go }: VerbCall, clock: Clock): Promise<unknown> {
  const signal = args.at(-1)
  const until = clock.now() + awayMs
  for (;;) {
    try {
      return await go()
    } catch (error) {
      if (!isPlimsollError(error) || error.code !== 'EDGE_DOWN' || clock.now() >= until || !(signal instanceof AbortSignal)) throw error
      await clock.sleep(askAgainMs, signal)
    }
  }
}
