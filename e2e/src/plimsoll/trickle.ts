import { pause } from '../load/pause.ts'

/** Requests one after the other, for as long as something else happens. */
export interface Trickle {
  /** Ends it, and tells how many were asked and what was wrong with each that was not served. */
  stop(): Promise<{ readonly asked: number; readonly faults: readonly string[]; readonly servedBy: readonly string[] }>
}

const everyMs = 25

/** Asks `url` again and again until it is stopped: a gap in what is served shows as a fault. */
export function startTrickle(url: string): Trickle {
  const over = new AbortController()
  const faults: string[] = []
  const servedBy = new Set<string>()
  let asked = 0
  const ask = async (): Promise<void> => {
    asked += 1
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) })
      await answer.arrayBuffer()
      if (answer.status !== 200) faults.push(`${new Date().toISOString()} ${answer.status}`)
      servedBy.add(answer.headers.get('x-served-by') ?? 'nobody')
    } catch (error) {
      faults.push(`${new Date().toISOString()} ${String(error)}`)
    }
  }
  const running = (async () => {
    while (!over.signal.aborted) {
      await ask()
      await pause(everyMs, over.signal)
    }
  })()
  return {
    async stop() {
      over.abort()
      await running
      return { asked, faults, servedBy: [...servedBy] }
    },
  }
}
