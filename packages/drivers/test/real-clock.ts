import type { Clock } from '@plimsoll/engine'
import { setTimeout as wait } from 'node:timers/promises'

export const realClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => void (await wait(Math.max(0, ms), undefined, { signal })),
}
