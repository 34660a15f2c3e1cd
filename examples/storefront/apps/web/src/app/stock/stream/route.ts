import { serverConfig } from '@/shop/server-config'

export const dynamic = 'force-dynamic'

// A stream never ends by itself: left open, it would hold this process until it is killed.
const leaving = new AbortController()
process.once('SIGTERM', () => leaving.abort())

/** Hands the API's stock events to the browser, so that the page needs one origin only. */
export async function GET(request: Request): Promise<Response> {
  const { apiUrl, internalToken } = serverConfig()
  const signal = AbortSignal.any([request.signal, leaving.signal])
  try {
    const upstream = await fetch(`${apiUrl}/v1/stock/stream`, {
      headers: internalToken ? { 'x-internal-token': internalToken } : {},
      cache: 'no-store',
      signal,
    })
    if (!upstream.ok || upstream.body === null) return unavailable()
    return eventStream(endQuietly(upstream.body))
  } catch {
    return unavailable() // the API is away; the browser asks again in a moment
  }
}

/** Whichever side goes first, the browser sees an end and reconnects; there is nothing to report. */
function endQuietly(source: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = source.getReader()
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        if (done) controller.close()
        else controller.enqueue(value)
      } catch {
        controller.close()
      }
    },
    cancel: (reason) => reader.cancel(reason),
  })
}

/** An empty stream and not a 503: after an error status, browsers give up for good. */
function unavailable(): Response {
  return eventStream('retry: 3000\n\n')
}

function eventStream(body: ReadableStream<Uint8Array> | string): Response {
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    },
  })
}
