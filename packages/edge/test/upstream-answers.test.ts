import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { trafficSchema } from '@plimsoll/model'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type EdgeWorld, edgeWorld, settled, shopTraffic, signal } from './edge-world.ts'
import { rawExchange } from './raw-exchange.ts'

let world: EdgeWorld
beforeAll(async () => {
  world = await edgeWorld()
})
afterAll(async () => world.close())

const host = 'Host: shop.test\r\n'
const get = `GET / HTTP/1.1\r\n${host}\r\n`
let apps = 0

/** The port of a new app whose service `web` listens at these addresses. */
async function entryTo(...addresses: readonly { host: string; port: number }[]): Promise<number> {
  apps += 1
  const entry = await world.freePort()
  const traffic = shopTraffic({ release: 1, entry, upstreams: [1] })
  const targets = { web: { kind: 'instances', unit: `other-${apps}-r1`, addresses } }
  await world.edge.shift(trafficSchema.parse({ ...traffic, app: `other-${apps}`, live: { ...traffic.live, targets } }), signal)
  return entry
}

interface Talker {
  readonly entry: number
  /** All connections that were made to it, with what came on each. */
  readonly connections: { socket: Socket; heard: string; closed: Promise<unknown> }[]
}

/** An upstream that says `words` to each head that it hears, and closes nothing by itself. */
async function talker(...words: readonly string[]): Promise<Talker> {
  const connections: Talker['connections'] = []
  let turn = 0
  const port = await world.rawUpstream(
    createServer((socket) => {
      const connection = { socket, heard: '', closed: once(socket, 'close') }
      connections.push(connection)
      socket.on('data', (bytes) => {
        connection.heard += bytes.toString('latin1')
        if (!bytes.includes('\r\n\r\n')) return
        socket.write(words[turn % words.length] ?? '', 'latin1')
        turn += 1
      })
    }),
  )
  return { entry: await entryTo({ host: '127.0.0.1', port }), connections }
}

const ok = 'HTTP/1.1 200 OK\r\n'
describe('a connection to an upstream', () => {
  const answer = `${ok}Content-Length: 2\r\n\r\nok`
  const ask = async (entry: number, count = 1): Promise<void> => {
    for (let asked = 0; asked < count; asked += 1) expect((await rawExchange({ port: entry, parts: [get], until: /ok/ })).text).toMatch(/^HTTP\/1\.1 20\d/)
  }

  test('carries one request after the other', async () => {
    const { entry, connections } = await talker(answer, `${ok}Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`)
    await ask(entry, 6)
    expect(connections.length).toBe(1)
  })

  test.each([
    ['says close', `${ok}Connection: x, Close\r\nContent-Length: 2\r\n\r\nok`],
    ['speaks HTTP/1.0', 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok'],
    ['will close before it could be used again', `${ok}Keep-Alive: timeout=1\r\nContent-Length: 2\r\n\r\nok`],
    ['says more than its answer', `${answer}H`],
    ['answers with a body that it should not have', 'HTTP/1.1 204 ok\r\nContent-Length: 1\r\n\r\na'],
  ])('is closed after an answer that %s', async (_name, words) => {
    const { entry, connections } = await talker(words)
    await ask(entry, 2)
    expect(connections.length).toBe(2)
    await connections[0]?.closed
  })

  test('that says something unasked is closed at once, not when it has been idle for long', async () => {
    const { entry, connections } = await talker(answer)
    await ask(entry)
    const before = performance.now()
    connections[0]?.socket.write(answer)
    await connections[0]?.closed
    expect(performance.now() - before).toBeLessThan(2_000)
    await ask(entry)
    expect(connections.length).toBe(2)
  })

  test('never carries a second request when the first was a write', async () => {
    const { entry, connections } = await talker(answer)
    for (const method of ['POST', 'PATCH']) await rawExchange({ port: entry, parts: [`${method} / HTTP/1.1\r\n${host}Content-Length: 1\r\n\r\nx`], until: /ok/ })
    expect(connections.map(({ heard }) => heard.split(' ')[0])).toEqual(['POST', 'PATCH'])
    for (const { closed } of connections) await closed
  })

  test('ends when the client goes while the answer is waited for', async () => {
    const { entry, connections } = await talker('')
    const client = rawExchange({ port: entry, parts: [get], halfClose: true })
    await expect.poll(() => connections[0]?.heard).toContain('\r\n\r\n')
    await connections[0]?.closed
    await client
  })

  test('reaches names and both kinds of addresses', async () => {
    const server = createServer((socket) => socket.on('data', () => socket.write(answer)))
    const port = await world.rawUpstream(server)
    await ask(await entryTo({ host: 'localhost', port }))
    const six = createServer((socket) => socket.on('data', () => socket.write(answer)))
    six.listen(0, '::1')
    await once(six, 'listening')
    const address = six.address()
    await ask(await entryTo({ host: '::1', port: typeof address === 'object' ? (address?.port ?? 0) : 0 }), 2)
    six.close()
  })
})

test('an answer given before the body is complete arrives, and the rest of the body has no receiver', async () => {
  const port = await world.rawUpstream(createServer((socket) => socket.once('data', () => socket.write('HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nno\n'))))
  const parts = [`POST / HTTP/1.1\r\n${host}Content-Length: 3000000\r\n\r\n`, ...Array.from({ length: 30 }, () => Buffer.alloc(100_000)), get]
  const { text } = await rawExchange({ port: await entryTo({ host: '127.0.0.1', port }), parts, until: /no\n[^]*HTTP\/1\.1 413[^]*no\n/ })
  expect(text).toMatch(/^HTTP\/1\.1 413[^]*no\n/)
})

describe('an upstream that closes on a body of which it has read only the beginning', () => {
  const parts = [`POST / HTTP/1.1\r\n${host}Content-Length: 3000000\r\n\r\n`, ...Array.from({ length: 30 }, () => Buffer.alloc(100_000))]

  /** Says `words` and resets the connection: what is unread in it makes of the close a reset. */
  const closer = async (words: string): Promise<number> => {
    const refuse = (socket: Socket): void => void socket.once('data', () => socket.pause().write(words, () => socket.destroy()))
    return entryTo({ host: '127.0.0.1', port: await world.rawUpstream(createServer(refuse)) })
  }

  test('is heard with what it said before', async () => {
    const port = await closer('HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 3\r\n\r\nno\n')
    const answers = await Promise.all(Array.from({ length: 20 }, async () => (await rawExchange({ port, parts, until: /\n$/ })).text))
    expect(answers.map((text) => text.split('\r\n')[0])).toEqual(Array.from({ length: 20 }, () => 'HTTP/1.1 413 Too Large'))
    expect(answers.every((text) => text.endsWith('\r\n\r\nno\n'))).toBe(true)
  })

  test.each([
    ['nothing', ''],
    ['half an answer\'s head', 'HTTP/1.1 413 Too La'],
  ])('is a bad gateway after it said %s', async (_name, words) => {
    const { text } = await rawExchange({ port: await closer(words), parts, until: /^HTTP\/1\.1 \d+/ })
    expect(text).toMatch(/^HTTP\/1\.1 502 /)
  })
})

test('an upload does not pile up in the edge when the upstream reads slowly, and arrives whole when it goes on', async () => {
  const total = 64 * 1024 * 1024
  const stopped = Promise.withResolvers<Socket>()
  const port = await world.rawUpstream(createServer((socket) => stopped.resolve(socket.pause())))
  const client = connect(await entryTo({ host: '127.0.0.1', port }), '127.0.0.1')
  client.write(`PUT / HTTP/1.1\r\n${host}Content-Length: ${total}\r\n\r\n`)
  let sent = 0
  const push = (): void => {
    sent += 65_536
    if (sent < total) client.write(Buffer.alloc(65_536), push)
  }
  client.write(Buffer.alloc(65_536), push)
  const upstream = await stopped.promise
  await settled(() => sent)
  expect(sent).toBeLessThan(32 * 1024 * 1024)
  let heard = 0
  upstream.on('data', (bytes: Buffer) => {
    heard += bytes.length
    if (heard > total) upstream.write(`${ok}Content-Length: 2\r\n\r\nok`)
  })
  upstream.resume()
  const [answer] = (await once(client, 'data')) as [Buffer]
  expect(answer.toString('latin1')).toMatch(/^HTTP\/1\.1 200/)
  client.destroy()
})

test('an answer that waits for its client is not touched by what other connections read meanwhile', async () => {
  const serve = async (letter: string, size: number): Promise<number> => {
    const { port } = await world.upstream((_request, response) => response.end(Buffer.alloc(size, letter)))
    return entryTo({ host: '127.0.0.1', port })
  }
  const [slow, quick] = [await serve('a', 24 * 1024 * 1024), await serve('b', 256 * 1024)]
  const waiting = await fetch(`http://127.0.0.1:${slow}/`)
  for (let count = 0; count < 20; count += 1) expect(await (await fetch(`http://127.0.0.1:${quick}/`)).text()).toMatch(/^b{262144}$/)
  const late = Buffer.from(await waiting.arrayBuffer())
  expect([late.length, late.findIndex((byte) => byte !== 0x61)]).toEqual([24 * 1024 * 1024, -1])
})
