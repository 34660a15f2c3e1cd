/** Lets at most `limit` pieces of work run at once; the others wait in the order in which they came. */
export function limitConcurrency(limit: number): <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T> {
  let free = limit
  const waiting: (() => void)[] = []
  /** Hands the place to the next in line, or keeps it for who comes. */
  const release = () => {
    const next = waiting.shift()
    if (next === undefined) free += 1
    else next()
  }
  const enter = async (signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted()
    if (free > 0) {
      free -= 1
      return
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const giveUp = () => {
      const at = waiting.indexOf(resolve)
      // Already handed a place: it is used, or released by the work's own check of the signal.
      if (at === -1) return
      waiting.splice(at, 1)
      reject(signal.reason)
    }
    signal.addEventListener('abort', giveUp, { once: true })
    waiting.push(resolve)
    await promise.finally(() => signal.removeEventListener('abort', giveUp))
  }
  return async (work, signal) => {
    await enter(signal)
    try {
      signal.throwIfAborted()
      return await work()
    } finally {
      release()
    }
  }
}
