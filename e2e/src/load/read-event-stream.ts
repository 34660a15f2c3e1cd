export interface StreamEvent {
  readonly id: string | undefined
  readonly event: string
  readonly data: string
}

/** Reads a server-sent event stream as it comes. */
export interface EventStreamReader {
  push(text: string): void
  /** What has come since the last complete event: empty when the stream ended cleanly. */
  rest(): string
}

/** `onEvent` is called for each complete event that has data; comments and `retry` are passed over. */
export function readEventStream(onEvent: (event: StreamEvent) => void): EventStreamReader {
  let pending = ''
  return {
    push(text) {
      pending += text
      const blocks = pending.split(/\r?\n\r?\n/)
      pending = blocks.pop() ?? ''
      for (const block of blocks) {
        const event = parseBlock(block)
        if (event !== undefined) onEvent(event)
      }
    },
    rest: () => pending,
  }
}

function parseBlock(block: string): StreamEvent | undefined {
  const fields = { id: undefined as string | undefined, event: 'message', data: [] as string[] }
  for (const line of block.split(/\r?\n/)) {
    const colon = line.indexOf(':')
    const name = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (name === 'data') fields.data.push(value)
    else if (name === 'id' || name === 'event') fields[name] = value
  }
  return fields.data.length === 0 ? undefined : { ...fields, data: fields.data.join('\n') }
}
