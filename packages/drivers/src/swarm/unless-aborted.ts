import { once } from 'node:events'

/** Whoever gives up waits no longer for what goes on. Rejects with the signal's reason then. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  // It may fail when nobody waits for it any more.
  work.catch(() => undefined)
  signal.throwIfAborted()
  const given = new AbortController()
  const gone = once(signal, 'abort', { signal: given.signal }).then((): never => { throw signal.reason })
  try {
    return await Promise.race([work, gone])
  } finally {
    gone.catch(() => undefined)
    given.abort()
  }
}
