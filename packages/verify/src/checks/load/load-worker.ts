import { parentPort } from 'node:worker_threads'
import autocannon from 'autocannon'
import { z } from 'zod'
import type { Burst, WantedBurst } from './load-generator.ts'

// A thread of its own: whoever measures must not be what is waited for.
parentPort?.on('message', async (wanted: WantedBurst) => {
  parentPort?.postMessage(await burst(wanted))
})

/** autocannon counts in whole ticks of this. */
const tickMs = 20

/** Outside of the main thread autocannon gives its bare counts. */
const countsSchema = z.object({ errors: z.number(), timeouts: z.number(), totalRequests: z.number(), totalCompletedRequests: z.number() })

async function burst({ url, inFlight, ms, timeoutMs }: WantedBurst): Promise<Burst> {
  const times: number[] = []
  const statuses: Record<string, number> = {}
  const result = await new Promise<unknown>((resolve, reject) => {
    const running = autocannon(
      { url, connections: inFlight, pipelining: 1, duration: ms / 1_000, timeout: timeoutMs / 1_000, sampleInt: tickMs, headers: { accept: '*/*', 'user-agent': 'plimsoll' } },
      (error: unknown, counted: unknown) => (error === null ? resolve(counted) : reject(error)),
    )
    running.on('response', (...[, status, , took]) => {
      statuses[status] = (statuses[status] ?? 0) + 1
      if (status < 400) times.push(took)
    })
  })
  const { errors, timeouts, totalRequests, totalCompletedRequests } = countsSchema.parse(result)
  // What is still in flight when the time is over was not dropped by whoever was asked.
  const dropped = Math.max(0, totalRequests - totalCompletedRequests - errors - inFlight)
  return { times, statuses, broken: errors - timeouts + dropped, timeouts }
}
