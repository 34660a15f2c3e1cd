import { setTimeout } from 'node:timers/promises'
import type { Clock } from '@plimsoll/engine'

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    await setTimeout(ms, undefined, { signal })
  },
}
