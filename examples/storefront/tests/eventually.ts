import { setTimeout as sleep } from 'node:timers/promises'

const PATIENCE_MS = 30_000
const PAUSE_MS = 100

/** Asks until there is an answer, for what happens in its own time. Throws when there is none after half a minute. */
export async function eventually<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await sleep(PAUSE_MS)) {
    const answer = await ask()
    if (answer !== undefined) return answer
  }
  throw new Error(`half a minute was not enough for this: ${what}`)
}
