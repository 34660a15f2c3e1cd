import { parentPort } from 'node:worker_threads'
import autocannon, { type Result } from 'autocannon'
import type { Burst, WantedBurst } from './load-generator.ts'

// A thread of its own: whoever measures must not be what is waited for.
parentPort?.on('message', async (wanted: WantedBurst) => {
  parentPort?.postMessage(await burst(wanted))
})

/** autocannon counts in whole ticks of this. */
const tickMs = 20

async function burst({ url, inFlight, ms, timeoutMs }: WantedBurst): Promise<Burst> {
  const times: number[] = []
  const statuses: Record<string, number> = {}
  const { errors, timeouts, requests } = await new Promise<Result>((resolve, reject) => {
    const running = autocannon(
      { url, connections: inFlight, duration: ms / 1_000, timeout: timeoutMs / 1_000, sampleInt: tickMs, headers: { accept: '*/*', 'user-agent': 'plimsoll' } },
      (error: unknown, result: Result) => (error === null ? resolve(result) : reject(error)),
    )
    running.on('response', (...[, status, , took]) => {
      statuses[status] = (statuses[status] ?? 0) + 1
      if (status < 400) times.push(took)
    })
  })
  // What is still in flight when the time is over was not dropped by whoever was asked.
  const dropped = Math.max(0, requests.sent - requests.total - errors - inFlight)
  return { times, statuses, broken: errors - timeouts + dropped, timeouts }
}
