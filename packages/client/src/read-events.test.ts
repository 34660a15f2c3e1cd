import { expect, test } from 'vitest'
import { readEvents, type WireEvent } from './read-events.ts'

const text = 'retry: 100\r\n\r\n: heartbeat\n\nevent: entry\nid: 7\ndata: {"é":\ndata: 1}\n\ndata:bare\r\rid: 8\ndata:\n\nevent: cut\ndata: off'

const wanted = [
  { event: 'entry', id: '7', data: '{"é":\n1}' },
  { event: 'message', id: undefined, data: 'bare' },
  { event: 'message', id: '8', data: '' },
]

test.each([1, 2, 3, 5, 1000])('reads the same events however the body is cut: %i bytes at a time', async (size) => {
  const bytes = new TextEncoder().encode(text)
  const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.slice(i * size, (i + 1) * size))
  expect(await all(readEvents(ReadableStream.from(chunks)))).toEqual(wanted)
})

test('gives an event as soon as its empty line is there, before the body ends', async () => {
  const body = new TransformStream<Uint8Array, Uint8Array>()
  const writer = body.writable.getWriter()
  const events = readEvents(body.readable)
  const first = events.next()
  await writer.write(new TextEncoder().encode('data: now\n\n'))
  expect((await first).value).toEqual({ event: 'message', id: undefined, data: 'now' })
  await events.return()
})

async function all(events: AsyncIterable<WireEvent>): Promise<WireEvent[]> {
  const seen: WireEvent[] = []
  for await (const event of events) seen.push(event)
  return seen
}
