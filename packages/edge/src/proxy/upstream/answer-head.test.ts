import { expect, test } from 'vitest'
import { type AnswerHead, parseAnswerHead } from './answer-head.ts'

const lines = (...all: string[]): string => all.map((line) => `${line}\r\n`).join('')

test.each<[string, Partial<AnswerHead>]>([
  [lines('HTTP/1.1 200 OK'), { version: '1.1', status: 200, reason: 'OK', fields: [], framing: { kind: 'close' }, connection: '', contentType: undefined }],
  [lines('HTTP/1.0 404 Not Found'), { version: '1.0', status: 404, reason: 'Not Found' }],
  [lines('HTTP/1.1 200'), { status: 200, reason: '' }],
  [lines('HTTP/1.1 200 '), { status: 200, reason: '' }],
  [lines('HTTP/1.1 299 Schön'), { reason: 'Schön' }],
  [lines('HTTP/1.1 200 OK', 'A:b', 'c: \t d e \t', 'E:'), { fields: ['A', 'b', 'c', 'd e', 'E', ''] }],
  [lines('HTTP/1.1 200 OK', 'X: \u00a0a\u00a0'), { fields: ['X', '\u00a0a\u00a0'] }],
  [lines('HTTP/1.1 200 OK', 'X: a:b'), { fields: ['X', 'a:b'] }],
  [lines('HTTP/1.1 200 OK', 'Set-Cookie: a=1', 'set-cookie: b=2'), { fields: ['Set-Cookie', 'a=1', 'set-cookie', 'b=2'] }],
  [lines('HTTP/1.1 200 OK', 'Content-Length: 12'), { framing: { kind: 'length', length: 12 } }],
  [lines('HTTP/1.1 200 OK', 'content-length: 0'), { framing: { kind: 'length', length: 0 } }],
  [lines('HTTP/1.1 200 OK', 'Transfer-Encoding: Chunked'), { framing: { kind: 'chunked' } }],
  [lines('HTTP/1.1 200 OK', 'Connection: Close', 'Connection: X', 'Keep-Alive: timeout=5'), { connection: 'close,x', keepAlive: 'timeout=5' }],
  [lines('HTTP/1.1 200 OK', 'Content-Type: text/html', 'content-type: b'), { contentType: 'text/html' }],
])('%j is understood', (text, head) => {
  expect(parseAnswerHead(text)).toMatchObject(head)
})

const malformed: readonly string[] = [
  lines('HTTP/1.2 200 OK'),
  lines('HTTP/2.0 200 OK'),
  lines('http/1.1 200 OK'),
  lines(' HTTP/1.1 200 OK'),
  lines('HTTP/1.1  200 OK'),
  lines('HTTP/1.1\t200 OK'),
  lines('HTTP/1.1 099 Low'),
  lines('HTTP/1.1 20 OK'),
  lines('HTTP/1.1 1000 High'),
  lines('HTTP/1.1 +20 OK'),
  lines('HTTP/1.1 200OK'),
  lines('HTTP/1.1 200 OK', 'nothing'),
  lines('HTTP/1.1 200 OK', 'nothing', 'A: b'),
  lines('HTTP/1.1 200 OK', ': b'),
  lines('HTTP/1.1 200 OK', 'A : b'),
  lines('HTTP/1.1 200 OK', 'A B: b'),
  lines('HTTP/1.1 200 OK', 'Ä: b'),
  lines('HTTP/1.1 200 OK', ' A: b'),
  lines('HTTP/1.1 200 OK', 'A: b', ' folded: c'),
  lines('HTTP/1.1 200 OK', 'A: b', '\tfolded'),
  ...['-1', '+1', '0x1', '1,1', '1 1', '', '1.0', '1e3', '1234567890123456'].map((length) => lines('HTTP/1.1 200 OK', `Content-Length: ${length}`)),
  lines('HTTP/1.1 200 OK', 'Content-Length: 1', 'Content-Length: 2'),
  lines('HTTP/1.1 200 OK', 'Content-Length: 1', 'content-length: 1'),
  lines('HTTP/1.1 200 OK', 'Content-Length: 1', 'Transfer-Encoding: chunked'),
  lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', 'Content-Length: 1'),
  ...['gzip', 'identity', 'chunked, chunked', 'gzip, chunked', 'chunked;q=1', 'xchunked', ''].map((coding) => lines('HTTP/1.1 200 OK', `Transfer-Encoding: ${coding}`)),
  lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'),
  lines('HTTP/1.0 200 OK', 'Transfer-Encoding: chunked'),
]

test.each(malformed)('%j is no head', (text) => {
  expect(parseAnswerHead(text)).toBeUndefined()
})
