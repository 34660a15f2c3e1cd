import type { Clock } from '@plimsoll/engine'
import { pause } from '../load/pause.ts'

/** Time as it passes, for whoever waits for machines. */
export const labClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    await pause(ms, signal)
    signal.throwIfAborted()
  },
}
