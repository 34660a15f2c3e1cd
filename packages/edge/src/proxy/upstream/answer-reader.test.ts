import { expect, test } from 'vitest'
import { AnswerReader, type AnswerSink, type Reading } from './answer-reader.ts'

interface Read {
  readonly heads: number[]
  body: string
  rest?: string
  /** How often it was told that the body ends. */
  ends: number
  trailers: readonly string[]
  reading: Reading
  endsWithConnection: boolean
}

/** Feeds `text` in pieces of `size`, each in memory of its own that is overwritten afterwards, as that of a connection is. */
function read(text: string, size: number, method = 'GET'): Read {
  const all: Read = { heads: [], body: '', ends: 0, trailers: [], reading: 'more', endsWithConnection: false }
  const sink: AnswerSink = {
    informed: ({ status }) => void all.heads.push(status),
    answered: ({ status }) => void all.heads.push(status),
    switched({ status }, rest) {
      all.heads.push(status)
      all.rest = rest.toString('latin1')
    },
    body(bytes, { from, to, last }) {
      all.body += bytes.toString('latin1', from, to)
      if (last) all.ends += 1
    },
  }
  const reader = new AnswerReader(method, sink)
  for (let at = 0; at < text.length && all.reading === 'more'; at += size) {
    const piece = Buffer.from(`##${text.slice(at, at + size)}##`, 'latin1')
    all.reading = reader.read(piece, 2, piece.length - 2)
    piece.fill('!')
  }
  all.trailers = reader.trailers
  all.endsWithConnection = reader.endsWithConnection
  return all
}

const sizes = [1, 2, 3, 5, 11, 100_000]
const ok = 'HTTP/1.1 200 OK\r\n'
const chunkedHead = `${ok}Transfer-Encoding: chunked\r\n\r\n`

const whole: readonly (readonly [string, string, Partial<Read>])[] = [
  ['a length', `${ok}Content-Length: 5\r\n\r\nhello`, { heads: [200], body: 'hello' }],
  ['a length of nothing', `${ok}Content-Length: 0\r\n\r\n`, { body: '' }],
  ['a 204', 'HTTP/1.1 204 No Content\r\n\r\n', { heads: [204], body: '' }],
  ['a 304 with a length', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n', { heads: [304], body: '' }],
  ['one chunk', `${chunkedHead}5\r\nhello\r\n0\r\n\r\n`, { body: 'hello', trailers: [] }],
  ['no chunk', `${chunkedHead}0\r\n\r\n`, { body: '' }],
  ['many chunks', `${chunkedHead}1\r\nh\r\n3\r\nell\r\n01\r\no\r\nA\r\n0123456789\r\n000\r\n\r\n`, { body: 'hello0123456789' }],
  ['chunks with extensions', `${chunkedHead}5;a=b;c="d \t\xe9"\r\nhello\r\n0;last\r\n\r\n`, { body: 'hello' }],
  ['chunks that hold line ends', `${chunkedHead}4\r\n\r\n\r\n\r\n5\r\n0\r\n\r\n\r\n0\r\n\r\n`, { body: '\r\n\r\n0\r\n\r\n' }],
  ['trailers', `${chunkedHead}1\r\na\r\n0\r\nSum: 1\r\nB:\r\n\r\n`, { body: 'a', trailers: ['Sum', '1', 'B', ''] }],
  ['hints and a continue before it', `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${ok}Content-Length: 1\r\n\r\na`, { heads: [100, 103, 200], body: 'a' }],
]

test.each(whole)('%s is read whole, in pieces of any size', (_name, text, expected) => {
  for (const size of sizes) expect(read(text, size)).toMatchObject({ ...expected, ends: 1, reading: 'complete', endsWithConnection: false })
})

test.each(whole)('%s is not complete while its last byte is missing, and does not hide what comes behind it', (_name, text) => {
  for (const size of sizes) expect(read(text.slice(0, -1), size)).toMatchObject({ ends: 0, reading: 'more' })
  expect(read(`${text}H`, 100_000)).toMatchObject({ ends: 1, reading: 'beyond' })
})

test('an answer to HEAD has no body, whatever its head says', () => {
  for (const head of [`${ok}Content-Length: 5\r\n\r\n`, chunkedHead, `${ok}\r\n`]) expect(read(head, 3, 'HEAD')).toMatchObject({ body: '', ends: 1, reading: 'complete' })
})

test('an answer that the end of the connection ends goes on until then', () => {
  for (const size of sizes) expect(read(`${ok}\r\nhello`, size)).toMatchObject({ body: 'hello', ends: 0, reading: 'more', endsWithConnection: true })
})

test('behind a 101 all bytes belong to the other protocol', () => {
  expect(read('HTTP/1.1 101 Switching Protocols\r\n\r\n\x81\x00', 1000)).toMatchObject({ heads: [101], rest: '\x81\x00', body: '', reading: 'complete' })
})

const brokenChunks = [
  '\r\n',
  'g\r\n',
  ' 1\r\na\r\n',
  '1 \r\na\r\n',
  '0x1\r\na\r\n',
  '-1\r\na\r\n',
  '+1\r\na\r\n',
  ';x\r\na\r\n',
  '1\na\n',
  '1\r a\r\n',
  '1\r\nab\r\n',
  '1\r\na\n',
  '1\r\na\rb',
  '1;a\nb\r\na\r\n',
  '1;\0\r\na\r\n',
  `1;${'a'.repeat(20_000)}\r\na\r\n`,
  '10000000000000\r\n',
  '00000000000001\r\na\r\n',
  '0\n\r\n',
  '0\r\n\n',
  '0\r\nno colon\r\n\r\n',
  '0\r\nA : b\r\n\r\n',
  '0\r\nA: b\r\n folded\r\n\r\n',
  '0\r\nA: b\nB: c\r\n\r\n',
  `0\r\nA: ${'a'.repeat(20_000)}\r\n\r\n`,
]

test.each(brokenChunks.map((chunks) => [JSON.stringify(chunks).slice(0, 40), chunks]))('chunks %s are broken, and the body does not end', (_name, chunks) => {
  for (const size of sizes) expect(read(`${chunkedHead}${chunks}`, size)).toMatchObject({ ends: 0, reading: 'malformed' })
})
