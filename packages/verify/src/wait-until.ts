import { setTimeout as sleep } from 'node:timers/promises'

const pollMs = 25

/** Looks again and again until there is something, for `limitMs` at most; undefined when there was nothing in that time. Rejects with the signal's reason. */
export async function waitUntil<T>(look: () => Promise<T | undefined>, limitMs: number, signal: AbortSignal): Promise<T | undefined> {
  const until = performance.now() + limitMs
  for (;;) {
    signal.throwIfAborted()
    const seen = await look()
    if (seen !== undefined || performance.now() >= until) return seen
    await sleep(pollMs, undefined, { signal })
  }
}
