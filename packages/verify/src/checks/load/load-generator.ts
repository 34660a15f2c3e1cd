import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

export interface WantedBurst {
  readonly url: string
  readonly inFlight: number
  readonly ms: number
  readonly timeoutMs: number
}

/** What came of a short time of requests, each connection asking again as soon as it was answered. */
export interface Burst {
  /** Milliseconds of each good answer. */
  readonly times: readonly number[]
  /** How many answers had which status. */
  readonly statuses: Readonly<Record<string, number>>
  /** Connections that broke off with a request on them. */
  readonly broken: number
  readonly timeouts: number
}

export interface LoadGenerator extends AsyncDisposable {
  /** One at a time. Rejects with the signal's reason. */
  burst(wanted: WantedBurst, signal: AbortSignal): Promise<Burst>
}

/** Starts the thread that asks; disposing of it ends what it asks at once. */
export function openLoadGenerator(): LoadGenerator {
  const worker = new Worker(new URL('./load-worker.ts', import.meta.url), { execArgv: ['--disable-warning=ExperimentalWarning'] })
  return {
    async burst(wanted, signal) {
      signal.throwIfAborted()
      worker.postMessage(wanted)
      const [done]: Burst[] = await once(worker, 'message', { signal })
      if (done === undefined) throw new Error('the load generator gave no answer')
      return done
    },
    async [Symbol.asyncDispose]() {
      await worker.terminate()
    },
  }
}
