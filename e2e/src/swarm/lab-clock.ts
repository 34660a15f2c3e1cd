import { setTimeout as wait } from 'node:timers/promises'

/** Time as it passes, for whoever waits for machines. */
export const labClock = {
  now: () => Date.now(),
  sleep: (ms: number, signal: AbortSignal) => wait(ms, undefined, { signal }),
}
