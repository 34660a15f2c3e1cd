export interface StreamEvent {
  readonly event: string
  readonly data: unknown
}

/** Opens a stream of server-sent events, which is closed with the loop that reads it, or after half a minute. */
export async function* eventStream(url: string): AsyncGenerator<StreamEvent> {
  const over = new AbortController()
  const response = await fetch(url, {
    headers: { accept: 'text/event-stream' },
    signal: AbortSignal.any([over.signal, AbortSignal.timeout(30_000)]),
  })
  if (!response.ok || response.body === null) throw new Error(`${url} answered with ${response.status}`)
  let text = ''
  try {
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) {
        const event = /^event: (.+)$/m.exec(block)?.[1]
        const data = /^data: (.+)$/m.exec(block)?.[1]
        if (event !== undefined && data !== undefined) yield { event, data: JSON.parse(data) }
      }
    }
  } finally {
    over.abort()
  }
}

/** Reads on until an event is the one that is waited for. Throws when the stream ends before. */
export async function nextEvent(
  stream: AsyncGenerator<StreamEvent>,
  isWanted: (event: StreamEvent) => boolean,
): Promise<StreamEvent> {
  for (let each = await stream.next(); each.done !== true; each = await stream.next()) {
    if (isWanted(each.value)) return each.value
  }
  throw new Error('the stream ended before that event')
}
