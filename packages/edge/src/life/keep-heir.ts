import { setTimeout as delay } from 'node:timers/promises'
import { toProblem } from '@plimsoll/model'
import { type Heir, type HeirOrder, startHeir } from './start-heir.ts'

export interface HeirKeeper {
  /** The heir that holds every socket now; undefined while there is none. */
  pid(): number | undefined
  /** Ends the heir for good, and returns when it has ended. */
  end(): Promise<void>
}

const firstWaitMs = 250
const longestWaitMs = 30_000
/** A heir that lived this long did not fail at its start. */
const wellMs = 10_000

/** Sees to it that there is one heir: another one whenever it dies, later and later while it dies at once. */
export function keepHeir(order: HeirOrder, log: (line: string) => void): HeirKeeper {
  const stop = new AbortController()
  const { signal } = stop
  let heir: Heir | undefined
  const oneLife = async (): Promise<void> => {
    const one = await startHeir(order, signal)
    heir = one
    if (signal.aborted) one.kill()
    await one.ended
    heir = undefined
    if (!signal.aborted) log(`the heir (pid ${one.pid}) ended; another one is started`)
  }
  const keep = async (): Promise<void> => {
    for (let waitMs = firstWaitMs; !signal.aborted; ) {
      const since = performance.now()
      await oneLife().catch((error: unknown) => {
        if (!signal.aborted) log(`no heir: ${toProblem(error).message}`)
      })
      waitMs = performance.now() - since > wellMs ? firstWaitMs : Math.min(waitMs * 2, longestWaitMs)
      // The signal only ends the wait.
      await delay(waitMs, undefined, { signal }).catch(() => undefined)
    }
  }
  const kept = keep()
  return {
    pid: () => heir?.pid,
    async end() {
      stop.abort()
      heir?.kill()
      await kept
    },
  }
}
