import type { DrainReport, DrainRequest } from '@plimsoll/engine'
import { PlimsollError } from '@plimsoll/model'
import type { EdgeState } from './edge-state.ts'
import type { Exchange } from './exchange.ts'

/** How long a cut has to become an end before the report is given anyway. */
const cutMs = 2_000

/**
 * Waits for what was in flight to `release` when this was called; see `Edge.drain`. Requests claimed later
 * (pinned ones, while the release is still warm) are not waited for.
 */
export async function drain(state: EdgeState, request: DrainRequest, signal: AbortSignal): Promise<DrainReport> {
  refuseLive(state, request)
  const startedAt = performance.now()
  const gates = state.gatesOf(request.app).filter((gate) => gate.release === request.release)
  const exchanges = gates.flatMap((gate) => [...gate.exchanges])
  const cut = await drainAll(exchanges, request, signal)
  signal.throwIfAborted()
  for (const gate of gates) gate.kept.retire()
  return { waitedMs: Math.round(performance.now() - startedAt), ...cut }
}

export type Grace = Pick<DrainRequest, 'requestGraceMs' | 'streamGraceMs'>

/** Waits for each of `exchanges` up to its grace, then cuts it. An abort ends the waiting and cuts nothing. */
export async function drainAll(exchanges: readonly Exchange[], grace: Grace, signal: AbortSignal): Promise<Omit<DrainReport, 'waitedMs'>> {
  const ends = await Promise.all(exchanges.map(async (exchange) => drainOne(exchange, grace, signal)))
  return { cutRequests: ends.filter((end) => end === 'request').length, cutStreams: ends.filter((end) => end === 'stream').length }
}

/** What it was when it had to be cut; undefined when it ended by itself. */
async function drainOne(exchange: Exchange, grace: Grace, signal: AbortSignal): Promise<'request' | 'stream' | undefined> {
  const since = performance.now()
  const left = (): number => (exchange.kind === 'stream' ? grace.streamGraceMs : grace.requestGraceMs) - (performance.now() - since)
  // A request may turn out to be a stream while it is waited for, and then has the longer grace: hence the loop.
  while (exchange.open && left() > 0 && !signal.aborted) await leaves(exchange, left(), signal)
  if (!exchange.open || signal.aborted) return undefined
  const { kind } = exchange
  exchange.cut()
  await leaves(exchange, cutMs, signal)
  return kind
}

/** Resolves when the exchange ends, after `ms`, or when nobody waits any more. */
async function leaves(exchange: Exchange, ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const wake = (): void => resolve()
  const timer = setTimeout(wake, Math.ceil(ms))
  exchange.whenLeft(wake)
  signal.addEventListener('abort', wake)
  await promise
  clearTimeout(timer)
  signal.removeEventListener('abort', wake)
}

function refuseLive(state: EdgeState, { app, release }: DrainRequest): void {
  if (state.table.apps.get(app)?.live.release !== release) return
  throw new PlimsollError('USAGE', `Release ${release} of ${app} is live; the edge does not drain what it sends requests to.`, {
    hint: `Shift the traffic to another release first: plimsoll rollback --app ${app}`,
  })
}
