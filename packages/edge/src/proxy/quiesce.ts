import type { QuiesceReport, QuiesceRequest } from '@plimsoll/engine'
import type { EdgeState } from './edge-state.ts'
import type { Exchange } from './exchange.ts'

/** Waits for the requests that are in flight to the app now; see `Edge.quiesce`. An abort ends the waiting. */
export async function quiesce(state: EdgeState, { app, graceMs }: QuiesceRequest, signal: AbortSignal): Promise<QuiesceReport> {
  const startedAt = performance.now()
  const requests = state.gatesOf(app).flatMap((gate) => [...gate.exchanges])
  const over = AbortSignal.any([signal, AbortSignal.timeout(graceMs)])
  const ends = await Promise.all(requests.map(async (exchange) => endsBefore(exchange, over)))
  signal.throwIfAborted()
  return { waitedMs: Math.round(performance.now() - startedAt), leftRequests: ends.filter((ended) => !ended).length }
}

/** Whether it has its answer, or is none that has an end, before `over` fires. */
async function endsBefore(exchange: Exchange, over: AbortSignal): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const tellOver = (): void => resolve(false)
  over.addEventListener('abort', tellOver)
  if (over.aborted) tellOver()
  exchange.whenLeft(() => resolve(true))
  exchange.whenStream(() => resolve(true))
  const ended = await promise
  over.removeEventListener('abort', tellOver)
  return ended
}
