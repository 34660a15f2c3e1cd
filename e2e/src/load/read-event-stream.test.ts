import { expect, test } from 'vitest'
import { readEventStream, type StreamEvent } from './read-event-stream.ts'

function readAll(...pieces: readonly string[]): { events: StreamEvent[]; rest: string } {
  const events: StreamEvent[] = []
  const reader = readEventStream((event) => events.push(event))
  for (const piece of pieces) reader.push(piece)
  return { events, rest: reader.rest() }
}

test('reads events however their bytes are cut into pieces', () => {
  const text = 'retry: 250\n\nid: 1\nevent: stock\ndata: a\ndata: b\n\n: still here\n\ndata: c\n\n'
  const wanted = [{ id: '1', event: 'stock', data: 'a\nb' }, { id: undefined, event: 'message', data: 'c' }]
  expect(readAll(text)).toEqual({ events: wanted, rest: '' })
  expect(readAll(...text)).toEqual({ events: wanted, rest: '' })
})

test('tells what came after the last complete event', () => {
  expect(readAll('data: a\n\ndata: b\n')).toMatchObject({ rest: 'data: b\n' })
})
