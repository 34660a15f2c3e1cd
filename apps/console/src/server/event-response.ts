import 'server-only'
import { isPlimsollError, toProblem, type Problem } from '@plimsoll/model'

interface Streamed {
  readonly event: string
  readonly id?: number | undefined
  readonly data: unknown
}

const heartbeatMs = 15_000

/** Fires when this process is asked to end. Next.js then waits for every open answer, and a stream that is watched never ends by itself. */
const leaving = new AbortController()
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => leaving.abort())

/**
 * Passes events on to the browser, at the pace at which it reads. A problem becomes the last event of the answer,
 * named `problem`, because an EventSource cannot read the body of a refusal, and takes an answer that ended as a
 * reason to ask again.
 */
export function eventResponse(events: (signal: AbortSignal) => AsyncIterable<Streamed>, signal: AbortSignal): Response {
  const left = new AbortController()
  const frames = framesOf(events, AbortSignal.any([signal, left.signal, leaving.signal]))
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await frames.next()
      if (next.done) controller.close()
      else controller.enqueue(encoder.encode(next.value))
    },
    cancel: () => left.abort(),
  })
  // `no-transform` keeps the server's compression off, which would hold events back until its buffer is full.
  // A stream is the last use of its connection: kept open afterwards, it would hold up the end of this process.
  return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no', connection: 'close' } })
}

async function* framesOf(events: (signal: AbortSignal) => AsyncIterable<Streamed>, signal: AbortSignal): AsyncGenerator<string, void, void> {
  // Tells the browser that it is connected, and to ask again soon when it no longer is.
  yield 'retry: 2000\n\n'
  const iterator = events(signal)[Symbol.asyncIterator]()
  try {
    let coming = iterator.next()
    for (;;) {
      const next = await orQuiet(coming)
      if (next === 'quiet') {
        yield ': still here\n\n'
        continue
      }
      if (next.done) return
      yield frame(next.value)
      coming = iterator.next()
    }
  } catch (error) {
    if (!signal.aborted) yield frame({ event: 'problem', data: problemOf(error) })
  }
}

async function orQuiet<T>(coming: Promise<T>): Promise<T | 'quiet'> {
  const { promise, resolve } = Promise.withResolvers<'quiet'>()
  const timer = setTimeout(() => resolve('quiet'), heartbeatMs)
  try {
    return await Promise.race([coming, promise])
  } finally {
    clearTimeout(timer)
  }
}

function frame({ event, id, data }: Streamed): string {
  return `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`
}

function problemOf(error: unknown): Problem {
  return isPlimsollError(error) ? toProblem(error) : { code: 'BUG', message: 'The console failed to pass the stream on' }
}
