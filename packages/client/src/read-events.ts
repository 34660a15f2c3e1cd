/** One event as it came over the wire. Comments, which keep a quiet connection open, are not events. */
export interface WireEvent {
  readonly event: string
  readonly id: string | undefined
  readonly data: string
}

/** The events of a `text/event-stream` body. Ends when the body ends; what was cut off in the middle of an event is dropped. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<WireEvent, void, void> {
  let fields = new Map<string, string>()
  for await (const line of readLines(body)) {
    if (line !== '') {
      addField(fields, line)
      continue
    }
    const data = fields.get('data')
    if (data !== undefined) yield { event: fields.get('event') ?? 'message', id: fields.get('id'), data }
    fields = new Map()
  }
}

function addField(fields: Map<string, string>, line: string): void {
  const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? []
  const before = name === 'data' ? fields.get('data') : undefined
  fields.set(name, before === undefined ? value : `${before}\n${value}`)
}

async function* readLines(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of body) {
    // A chunk may end between \r and \n, so a last \r waits for the next chunk.
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    yield* lines
  }
}
