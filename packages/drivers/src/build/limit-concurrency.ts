import { setTimeout as pause } from 'node:timers/promises'

export type Limited = <T>(work: () => Promise<T>, signal: AbortSignal, weight?: number) => Promise<T>

/** Long enough for the builds of one release to come together. */
const gatherMs = 20

interface Waiter {
  readonly weight: number
  readonly go: () => void
}

/** Lets at most `limit` pieces of work run at once. Of those that wait, the heaviest goes first, then who came first. */
export function limitConcurrency(limit: number): Limited {
  let free = limit
  const waiting: Waiter[] = []
  const dispatch = () => {
    while (free > 0 && waiting.length > 0) {
      const heaviest = waiting.reduce((best, one) => (one.weight > best.weight ? one : best))
      waiting.splice(waiting.indexOf(heaviest), 1)
      free -= 1
      heaviest.go()
    }
  }
  const enter = (weight: number, signal: AbortSignal): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const waiter: Waiter = { weight, go: resolve }
    const giveUp = () => {
      const at = waiting.indexOf(waiter)
      // Already sent off: the place is given back by the work's own check of the signal.
      if (at === -1) return
      waiting.splice(at, 1)
      reject(signal.reason)
    }
    signal.addEventListener('abort', giveUp, { once: true })
    waiting.push(waiter)
    void pause(gatherMs).then(dispatch)
    return promise.finally(() => signal.removeEventListener('abort', giveUp))
  }
  return async (work, signal, weight = 0) => {
    signal.throwIfAborted()
    await enter(weight, signal)
    try {
      signal.throwIfAborted()
      return await work()
    } finally {
      free += 1
      dispatch()
    }
  }
}
