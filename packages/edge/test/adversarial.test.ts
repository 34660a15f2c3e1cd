import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type EdgeWorld, edgeWorld, shopTraffic, signal } from './edge-world.ts'
import { rawExchange } from './raw-exchange.ts'

let world: EdgeWorld
let port: number
/** Heads that reached the upstream. */
const seen: string[] = []

beforeAll(async () => {
  world = await edgeWorld()
  port = await world.freePort()
  const { port: upstream } = await world.upstream(echo)
  await world.edge.shift(shopTraffic({ release: 1, entry: port, upstreams: [upstream] }), signal)
})
afterAll(async () => world.close())

/** Answers with the head and the body as they arrived. */
function echo(request: IncomingMessage, response: ServerResponse): void {
  seen.push(`${request.method} ${request.url}`)
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const head = Object.entries(request.headersDistinct).map(([name, values]) => `${name}: ${(values ?? []).join(' | ')}`)
    const trailers = Object.entries(request.trailersDistinct).map(([name, values]) => `trailer ${name}: ${(values ?? []).join(' | ')}`)
    response.end([`${request.method} ${request.url}`, ...head, ...trailers, `body=${Buffer.concat(chunks).toString('latin1')}`, ''].join('\n'))
  })
}

const host = 'Host: shop.test\r\n'
const refused: readonly (readonly [string, string, RegExp])[] = [
  ['no Host', 'GET / HTTP/1.1\r\n\r\n', /^HTTP\/1\.1 400/],
  ['two Hosts', `GET / HTTP/1.1\r\n${host}Host: other.test\r\n\r\n`, /^HTTP\/1\.1 400/],
  ['the same Host twice', `GET / HTTP/1.1\r\n${host}${host}\r\n`, /^HTTP\/1\.1 400/],
  ['an empty Host', 'GET / HTTP/1.1\r\nHost:\r\n\r\n', /^HTTP\/1\.1 400/],
  ['a Host with a space', 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n', /^HTTP\/1\.1 400/],
  ['a Host with a path', 'GET / HTTP/1.1\r\nHost: a/@b\r\n\r\n', /^HTTP\/1\.1 400/],
  ['a Host with a user', 'GET / HTTP/1.1\r\nHost: u@a\r\n\r\n', /^HTTP\/1\.1 400/],
  ['a request line without version', `GET /\r\n${host}\r\n`, /^HTTP\/1\.1 (400|505)/],
  ['HTTP/2.0 in the request line', `GET / HTTP/2.0\r\n${host}\r\n`, /^HTTP\/1\.1 (400|505)/],
  ['HTTP/9.9 in the request line', `GET / HTTP/9.9\r\n${host}\r\n`, /^HTTP\/1\.1 (400|505)/],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', /^(HTTP\/1\.1 (400|505)|$)/],
  ['a TLS hello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', /^HTTP\/1\.1 400/],
  ['a target without slash', `GET foo HTTP/1.1\r\n${host}\r\n`, /^HTTP\/1\.1 400/],
  ['a file URL', `GET file:///etc/passwd HTTP/1.1\r\n${host}\r\n`, /^HTTP\/1\.1 400/],
  ['a URL of another host', `GET http://other.test/ HTTP/1.1\r\n${host}\r\n`, /^HTTP\/1\.1 400/],
  ['CONNECT', `CONNECT shop.test:443 HTTP/1.1\r\n${host}\r\n`, /^HTTP\/1\.1 405/],
  ['an unknown method', `FOO / HTTP/1.1\r\n${host}\r\n`, /^HTTP\/1\.1 400/],
  ['a method in lower case', `get / HTTP/1.1\r\n${host}\r\n`, /^HTTP\/1\.1 400/],
  ['a NUL in the path', `GET /\0 HTTP/1.1\r\n${host}\r\n`, /^HTTP\/1\.1 400/],
  ['length and chunks', `POST / HTTP/1.1\r\n${host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, /^HTTP\/1\.1 400/],
  ['chunks and length', `POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`, /^HTTP\/1\.1 400/],
  ['an unknown transfer coding', `POST / HTTP/1.1\r\n${host}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`, /^HTTP\/1\.1 400/],
  ['chunked, identity', `POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`, /^HTTP\/1\.1 400/],
  ['two transfer codings', `POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n`, /^HTTP\/1\.1 400/],
  ['a space before the colon', `POST / HTTP/1.1\r\n${host}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`, /^HTTP\/1\.1 400/],
  ['two different lengths', `POST / HTTP/1.1\r\n${host}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`, /^HTTP\/1\.1 400/],
  ['the same length twice', `POST / HTTP/1.1\r\n${host}Content-Length: 1\r\nContent-Length: 1\r\n\r\na`, /^HTTP\/1\.1 400/],
  ['a length with a sign', `POST / HTTP/1.1\r\n${host}Content-Length: +5\r\n\r\nabcde`, /^HTTP\/1\.1 400/],
  ['a negative length', `POST / HTTP/1.1\r\n${host}Content-Length: -1\r\n\r\n`, /^HTTP\/1\.1 400/],
  ['a hexadecimal length', `POST / HTTP/1.1\r\n${host}Content-Length: 0x5\r\n\r\nabcde`, /^HTTP\/1\.1 400/],
  ['a list of lengths', `POST / HTTP/1.1\r\n${host}Content-Length: 5,5\r\n\r\nabcde`, /^HTTP\/1\.1 400/],
  ['a length of twenty digits', `POST / HTTP/1.1\r\n${host}Content-Length: 99999999999999999999\r\n\r\n`, /^HTTP\/1\.1 400/],
  ['an empty length', `POST / HTTP/1.1\r\n${host}Content-Length:\r\n\r\n`, /^HTTP\/1\.1 400/],
  ['a folded header', `GET / HTTP/1.1\r\n${host}X: a\r\n b\r\n\r\n`, /^HTTP\/1\.1 400/],
  ['a bare line feed', `GET / HTTP/1.1\n${host}\r\n`, /^HTTP\/1\.1 400/],
  ['a bare carriage return', `GET / HTTP/1.1\r\n${host}X: a\rb\r\n\r\n`, /^HTTP\/1\.1 400/],
  ['a NUL in a header', `GET / HTTP/1.1\r\n${host}X: a\0b\r\n\r\n`, /^HTTP\/1\.1 400/],
  ['a space in a header name', `GET / HTTP/1.1\r\n${host}X Y: a\r\n\r\n`, /^HTTP\/1\.1 400/],
  ['a header without colon', `GET / HTTP/1.1\r\n${host}nothing\r\n\r\n`, /^HTTP\/1\.1 400/],
  ['a header without name', `GET / HTTP/1.1\r\n${host}: a\r\n\r\n`, /^HTTP\/1\.1 400/],
  ['a header of 100 KB', `GET / HTTP/1.1\r\n${host}X: ${'a'.repeat(100_000)}\r\n\r\n`, /^HTTP\/1\.1 431|^$/],
  ['a URL of 100 KB', `GET /${'a'.repeat(100_000)} HTTP/1.1\r\n${host}\r\n`, /^HTTP\/1\.1 431|^$/],
  ['an unknown expectation', `POST / HTTP/1.1\r\n${host}Expect: a-miracle\r\nContent-Length: 0\r\n\r\n`, /^HTTP\/1\.1 417/],
]

describe('what two servers could read differently', () => {
  test.each(refused)('%s is refused and does not reach the upstream', async (_name, request, answer) => {
    const before = seen.length
    const { text } = await rawExchange({ port, parts: [request], until: /\r\n\r\n/, halfClose: true })
    expect(text).toMatch(answer)
    expect(seen.length).toBe(before)
  })

  const badChunks = ['0x1\r\na\r\n0\r\n\r\n', '-1\r\na\r\n0\r\n\r\n', 'fffffffffffffffff\r\na', '1\na\n0\n\n', '1;a\nb\r\na\r\n0\r\n\r\n', '1\r\nab0\r\n\r\n']
  test.each(badChunks)('a broken chunk %j ends the connection and is never passed on as whole', async (chunks) => {
    const { text } = await rawExchange({ port, parts: [`POST /chunk HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n${chunks}`], until: /HTTP\/1\.1 \d{3}[^]*\r\n\r\n/, halfClose: true })
    expect(text).not.toContain('HTTP/1.1 200')
  })
})

describe('what passes', () => {
  const send = async (request: string): Promise<string> => {
    const { text } = await rawExchange({ port, parts: [request], until: /body=[^\n]*\n/ })
    return text
  }

  test('a URL of the same host becomes its path', async () => {
    expect(await send(`GET http://shop.test/a?b=1 HTTP/1.1\r\n${host}\r\n`)).toContain('GET /a?b=1\n')
  })

  test('OPTIONS * reaches the upstream', async () => {
    expect(await send(`OPTIONS * HTTP/1.1\r\n${host}\r\n`)).toContain('OPTIONS *\n')
  })

  test('HTTP/1.0 without Host is answered', async () => {
    expect(await send('GET /old HTTP/1.0\r\n\r\n')).toContain('GET /old\n')
  })

  test('dots and encoded bytes of a path arrive as they were sent', async () => {
    expect(await send(`GET /a/../b%2f%00c HTTP/1.1\r\n${host}\r\n`)).toContain('GET /a/../b%2f%00c\n')
  })

  test('a head in single bytes is understood', async () => {
    const parts = [...`GET /slow HTTP/1.1\r\n${host}\r\n`]
    expect((await rawExchange({ port, parts, until: /body=\n/ })).text).toContain('GET /slow\n')
  })

  test('three thousand headers arrive, none is lost without a word', async () => {
    const many = Array.from({ length: 3000 }, (_, index) => `x${index}:\r\n`).join('')
    expect(await send(`GET / HTTP/1.1\r\n${host}${many}Last: here\r\n\r\n`)).toContain('last: here')
  })

  test('pipelined requests are answered in order', async () => {
    const one = (path: string): string => `GET ${path} HTTP/1.1\r\n${host}\r\n`
    const { text } = await rawExchange({ port, parts: [one('/1') + one('/2') + one('/3')], until: /GET \/3[^]*body=/ })
    expect([...text.matchAll(/GET (\/\d)\n/g)].map(([, path]) => path)).toEqual(['/1', '/2', '/3'])
  })

  test('a chunked body arrives whole, with its trailers but without those that would change its meaning', async () => {
    const text = await send(`POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\nTrailer: Sum\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nSum: 5\r\nAuthorization: me\r\n\r\n`)
    expect(text).toContain('body=abcde')
    expect(text).toContain('trailer sum: 5')
    expect(text).not.toContain('trailer authorization')
  })

  test('a body on GET arrives', async () => {
    expect(await send(`GET / HTTP/1.1\r\n${host}Content-Length: 2\r\n\r\nhi`)).toContain('body=hi')
  })

  test('Expect: 100-continue is answered by the upstream before the body is sent', async () => {
    const { text } = await rawExchange({ port, parts: [`PUT / HTTP/1.1\r\n${host}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n`], until: /100 Continue\r\n\r\n/ })
    expect(text).toMatch(/^HTTP\/1\.1 100/)
  })

  test('what a client says about itself is replaced by what the edge knows', async () => {
    const text = await send(
      `GET / HTTP/1.1\r\n${host}X-Forwarded-For: 6.6.6.6\r\nX_Forwarded_For: 6.6.6.6\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil\r\nForwarded: for=6.6.6.6\r\nX-Real-IP: 6.6.6.6\r\n\r\n`,
    )
    expect(text).not.toMatch(/6\.6\.6\.6|evil|https/)
    expect(text).toContain('x-forwarded-for: 127.0.0.1')
    expect(text).toContain('x-forwarded-host: shop.test')
    expect(text).toContain('x-forwarded-proto: http')
  })

  test('headers of the connection end at the edge, with those that Connection names', async () => {
    const text = await send(`GET / HTTP/1.1\r\n${host}Connection: keep-alive, X-Mine, X-Forwarded-For, Host\r\nX-Mine: 1\r\nKeep-Alive: 5\r\nProxy-Authorization: secret\r\nTE: gzip\r\n\r\n`)
    expect(text).not.toMatch(/x-mine|proxy-authorization|te: gzip/)
    expect(text).toContain('host: shop.test')
    expect(text).toContain('x-forwarded-for: 127.0.0.1')
  })

  test('a request without id gets one, a usable one is kept', async () => {
    expect(await send(`GET / HTTP/1.1\r\n${host}\r\n`)).toMatch(/x-request-id: [0-9a-f-]{36}\n/)
    expect(await send(`GET / HTTP/1.1\r\n${host}X-Request-Id: mine-1\r\n\r\n`)).toContain('x-request-id: mine-1\n')
  })

  test('h2c is not spoken: the request is answered as if it had not asked', async () => {
    const text = await send(`GET / HTTP/1.1\r\n${host}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n`)
    expect(text).toMatch(/^HTTP\/1\.1 200/)
    expect(text).not.toMatch(/upgrade|http2-settings/i)
  })
})

/** What an upstream says on the wire, and what of it the client may take for a whole answer. */
const upstreams: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['dies before the head', [''], /^HTTP\/1\.1 502/],
  ['sends half a head', ['HTTP/1.1 200 OK\r\nContent-'], /^HTTP\/1\.1 502/],
  ['sends no HTTP', ['hello\r\n\r\n'], /^HTTP\/1\.1 502/],
  ['sends two lengths', ['HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'], /^HTTP\/1\.1 502/],
  ['sends length and chunks', ['HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n'], /^HTTP\/1\.1 502/],
  ['sends a head of 64 KB', [`HTTP/1.1 200 OK\r\nX: ${'a'.repeat(65_536)}\r\n\r\n`], /^HTTP\/1\.1 502/],
  ['switches protocols unasked', ['HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'], /^HTTP\/1\.1 502/],
  ['dies within a length', ['HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc'], /^HTTP\/1\.1 200[^]*\r\n\r\nabc$/],
  ['dies within a chunk', ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc'], /^HTTP\/1\.1 200[^]*\r\n\r\n3\r\nabc\r\n$/],
  ['dies between chunks', ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n'], /^HTTP\/1\.1 200[^]*\r\n\r\n3\r\nabc\r\n$/],
]

describe('an upstream that misbehaves', () => {
  test.each(upstreams)('%s: the client never takes it for a whole answer', async (_name, words, answer) => {
    const upstream = await world.rawUpstream(createServer((socket) => socket.once('data', () => socket.end(words.join('')))))
    const entry = await entryTo(upstream)
    const { text, end } = await rawExchange({ port: entry, parts: [`GET / HTTP/1.1\r\n${host}Connection: close\r\n\r\n`] })
    expect(text).toMatch(answer)
    expect(end).not.toBe('open')
  })

  test('an answer without length is passed on whole', async () => {
    const upstream = await world.rawUpstream(createServer((socket) => socket.once('data', () => socket.end('HTTP/1.0 200 OK\r\n\r\nabc'))))
    const { text } = await rawExchange({ port: await entryTo(upstream), parts: [`GET / HTTP/1.1\r\n${host}\r\n`], until: /\r\n0\r\n\r\n$/ })
    expect(text).toContain('\r\n3\r\nabc\r\n0\r\n\r\n')
  })

  test('towards HTTP/1.0 a cut answer ends in a reset, not as if it were whole', async () => {
    const upstream = await world.rawUpstream(createServer((socket) => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n'))))
    const { end } = await rawExchange({ port: await entryTo(upstream), parts: ['GET / HTTP/1.0\r\n\r\n'] })
    expect(end).toBe('reset')
  })

  test('bytes behind the answer are not taken for the next one', async () => {
    const upstream = await world.rawUpstream(
      createServer((socket) => socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil'))),
    )
    const one = `GET / HTTP/1.1\r\n${host}\r\n`
    const { text } = await rawExchange({ port: await entryTo(upstream), parts: [one + one], until: /ok[^]*(ok|evil)/ })
    expect(text).not.toContain('evil')
  })

  test('early hints, two cookies and trailers arrive', async () => {
    const words = 'HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\nHTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nTransfer-Encoding: chunked\r\nTrailer: Sum\r\n\r\n1\r\na\r\n0\r\nSum: 1\r\n\r\n'
    const upstream = await world.rawUpstream(createServer((socket) => socket.once('data', () => socket.end(words))))
    const { text } = await rawExchange({ port: await entryTo(upstream), parts: [`GET / HTTP/1.1\r\n${host}\r\n`], until: /0\r\n[^]*\r\n\r\n$/ })
    expect(text).toMatch(/^HTTP\/1\.1 103[^]*Link: <\/a\.css>[^]*HTTP\/1\.1 200/i)
    expect(text).toMatch(/Set-Cookie: a=1\r\nSet-Cookie: b=2/)
    expect(text).toMatch(/0\r\nSum: 1\r\n\r\n$/)
  })

  test('an upstream that nobody listens on is named in a 502', async () => {
    const { text } = await rawExchange({ port: await entryTo(await world.freePort()), parts: [`GET / HTTP/1.1\r\n${host}Connection: close\r\n\r\n`] })
    expect(text).toMatch(/^HTTP\/1\.1 502[^]*problem\+json[^]*Service web of other-\d+ \(release 1\) did not answer/)
  })

  test('a client that goes away ends the request at the upstream', async () => {
    const gone = Promise.withResolvers<void>()
    const { port: upstream } = await world.upstream((request, response) => {
      response.write('a')
      request.once('close', gone.resolve)
    })
    await rawExchange({ port: await entryTo(upstream), parts: [`GET / HTTP/1.1\r\n${host}\r\n`], until: /\r\na\r\n/ })
    await gone.promise
  })
})

let apps = 0

/** The port of a new app whose one service listens on `upstream`. */
async function entryTo(upstream: number): Promise<number> {
  apps += 1
  const entry = await world.freePort()
  const traffic = shopTraffic({ release: 1, entry, upstreams: [upstream] })
  await world.edge.shift({ ...traffic, app: `other-${apps}` as typeof traffic.app }, signal)
  return entry
}

test('a WebSocket handshake that the upstream denies is answered as it denies it', async () => {
  const { port: upstream } = await world.upstream((_request, response) => void response.writeHead(403).end('no'))
  const handshake = `GET /ws HTTP/1.1\r\n${host}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`
  const { text } = await rawExchange({ port: await entryTo(upstream), parts: [handshake] })
  expect(text).toMatch(/^HTTP\/1\.1 403[^]*no/)
})

test('a client that disappears in mid-upload leaves nothing in flight', async () => {
  const gone = Promise.withResolvers<void>()
  const { server, port: upstream } = await world.upstream((request) => request.on('error', () => gone.resolve()))
  const entry = await entryTo(upstream)
  const arrived = once(server, 'request')
  const sending = rawExchange({ port: entry, parts: [`POST / HTTP/1.1\r\n${host}Content-Length: 10\r\n\r\nabc`], halfClose: true })
  await arrived
  await sending
  await gone.promise
})
