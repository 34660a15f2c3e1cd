import { expect, test } from 'vitest'
import { BlockReader } from './block-reader.ts'

const opening = 'HTTP/1.'

/** Feeds `text` in pieces of `size`; the place where it was decided, and what was. */
function read(text: string, size: number): { at: number; end: number | 'more' | 'malformed'; text: string } {
  const reader = new BlockReader(opening)
  const bytes = Buffer.from(text, 'latin1')
  for (let at = 0; at < bytes.length; at += size) {
    const end = reader.read(bytes, at, Math.min(bytes.length, at + size))
    if (end !== 'more') return { at, end, text: reader.text }
  }
  return { at: bytes.length, end: 'more', text: reader.text }
}

test.each([1, 2, 3, 7, 1000])('the block ends behind the empty line, whatever follows (pieces of %i)', (size) => {
  for (const block of ['HTTP/1.1 200 OK\r\n', 'HTTP/1.1 200 OK\r\nA: b\r\nC: \t\xff\r\n']) {
    expect(read(`${block}\r\nbody\n\0`, size)).toMatchObject({ end: block.length + 2, text: block })
  }
})

test.each([1, 2, 3, 1000])('what is not a block of lines is told as soon as it is there (pieces of %i)', (size) => {
  const bad = ['hello', 'HTTP/2', 'HTTP/1.1 200 OK\n', 'HTTP/1.1 200\rOK', 'HTTP/1.1 200 OK\r\nA: b\n', 'HTTP/1.1 200 OK\r\nA: b\r\n\n', 'HTTP/1.1 200 OK\r\nA: b\r\r\n', 'HTTP/1.1 200 OK\r\nA: \0', 'HTTP/1.1 200 OK\r\nA: \x7f', '\r\nHTTP/1.1 200 OK', '\nH']
  for (const text of bad) {
    const { at, end } = read(`${text}..`, size)
    expect([text, end]).toEqual([text, 'malformed'])
    expect(at).toBeLessThan(text.length + 2)
  }
})

test('bad text behind the block is not judged with it', () => {
  expect(read('HTTP/1.1 200 OK\r\n\r\n\0\n', 1000).end).toBe(19)
})

test.each([100, 5000, 100_000])('a block that is too long is refused (pieces of %i)', (size) => {
  expect(read(`HTTP/1.1 200 OK\r\nA: ${'a'.repeat(20_000)}\r\n\r\n`, size).end).toBe('malformed')
  expect(read(`HTTP/1.1 200 OK\r\nA: ${'a'.repeat(15_000)}\r\n\r\n`, size).end).toBe(15_000 + 24)
})
