import { lasting, patienceMs, type Arrival, type ArrivalContext } from '../arrival.ts'
import { exchange } from '../exchange.ts'
import type { Failure, Hop } from '../load-record.ts'
import type { LoadTarget } from '../load-target.ts'
import { pause } from '../pause.ts'
import { readEventStream } from '../read-event-stream.ts'

const stock = [{ at: 'api', path: '/v1/stock/stream' }] as const
/** As the shop's `retry:` field, shortened so that a run meets it. */
const reconnectMs = 250

/**
 * An event stream that is read for two to six seconds from its first word on (requests may be held for a while), and opened again when the server ends it, as EventSource does.
 * Where events carry numbers, none may be missing, across connections too.
 */
export const events: Arrival = async (context) => {
  const { target: { streams = stock } } = context
  const stream = streams[context.id % streams.length]
  if (stream === undefined) return { hops: [] }
  const lifeMs = lasting(context, 2000, 6000)
  const life = new AbortController()
  const over = AbortSignal.any([context.ending, life.signal])
  const hops: Hop[] = []
  const state: Reading = { lastId: undefined, seen: 0, gap: undefined, heard: once(() => void setTimeout(() => life.abort(), lifeMs).unref()) }
  while (!over.aborted) {
    const { hop, failure } = await readOnce(context, { state, stream }, over)
    hops.push(hop)
    if (failure !== undefined) return { hops, failure }
    await pause(reconnectMs, over)
  }
  if (state.seen === 0 && !context.ending.aborted) return { hops, failure: { is: 'garbled', detail: `GET ${stream.path} sent no event in ${lifeMs} ms` } }
  return { hops }
}

interface Reading {
  lastId: number | undefined
  seen: number
  gap: string | undefined
  /** Told whenever something has come. */
  readonly heard: () => void
}

function once(act: () => void): () => void {
  let isDone = false
  return () => {
    if (!isDone) act()
    isDone = true
  }
}

async function readOnce(context: ArrivalContext, { state, stream: { at, path } }: { readonly state: Reading; readonly stream: NonNullable<LoadTarget['streams']>[number] }, over: AbortSignal): Promise<{ hop: Hop; failure?: Failure | undefined }> {
  const what = `GET ${path}`
  const reader = readEventStream(({ id }) => {
    state.seen += 1
    if (id === undefined || !/^\d+$/.test(id)) return
    if (state.lastId !== undefined && Number(id) !== state.lastId + 1) state.gap ??= `after event ${state.lastId} came ${id}`
    state.lastId = Number(id)
  })
  const { hop, failure, left } = await exchange(
    {
      what,
      url: new URL(path, context.target[at]),
      headers: { ...context.target.headers?.[at], accept: 'text/event-stream', ...(state.lastId !== undefined && { 'last-event-id': String(state.lastId) }) },
      agent: context.fresh,
      timeoutMs: 6000 + patienceMs,
      onText: (text) => {
        state.heard()
        reader.push(text)
      },
    },
    over,
  )
  if (failure !== undefined) return { hop, failure }
  if (state.gap !== undefined) return { hop, failure: { is: 'garbled', detail: `${what}: ${state.gap}` } }
  if (left) return { hop }
  if (reader.rest() !== '') return { hop, failure: { is: 'cut', detail: `${what} ended inside an event` } }
  return { hop: { ...hop, serverClosed: { at: hop.endedAt } } }
}
