import type { Clock } from '../clock.ts'

export interface Waiting {
  readonly clock: Clock
  /** Ends the wait with an error that names what was waited for. */
  readonly withinMs?: number
}

const pollMs = 20

/** Asks again and again until the answer is something else than undefined or false, and returns it. */
export async function waitUntil<T>(what: string, ask: () => Promise<T | undefined | false> | T | undefined | false, { clock, withinMs = 15_000 }: Waiting): Promise<T> {
  const never = new AbortController().signal
  for (const until = clock.now() + withinMs; clock.now() < until; await clock.sleep(pollMs, never)) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
  }
  throw new Error(`Waited ${withinMs} ms in vain: ${what}`)
}
