import { once } from 'node:events'
import { readFile, writeFile, mkdir } from 'node:fs/promises'
import { connect, Socket } from 'node:net'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { EdgeOptions } from '../src/start-edge.ts'
import { type EdgeWorld, edgeWorld, freePort, shopTraffic, signal } from './edge-world.ts'
import { rawExchange } from './raw-exchange.ts'

let world: EdgeWorld
afterEach(async () => world.close())

/** An edge whose shop echoes what it is told of the client. */
async function shop(options: Partial<EdgeOptions> = {}): Promise<{ entry: number; shared: number }> {
  const shared = await freePort()
  world = await edgeWorld({ port: shared, ...options })
  const entry = await world.freePort()
  const { port } = await world.upstream((request, response) => {
    const { 'x-forwarded-for': address, 'x-forwarded-proto': proto, 'x-request-id': id } = request.headers
    request.resume().once('end', () => response.end(`${address} ${proto} ${id}\n`))
  })
  await world.edge.shift(shopTraffic({ release: 7, entry, upstreams: [port], hosts: ['shop.test'] }), signal)
  return { entry, shared }
}

const ask = (line: string, fields: readonly string[] = []): string => `${line} HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n${fields.map((field) => `${field}\r\n`).join('')}\r\n`

test('a proxy in front is believed who its client is on the port that all hosts share, and nowhere else', async () => {
  const { entry, shared } = await shop()
  const parts = [ask('GET /', ['X-Forwarded-For: 6.6.6.6, 9.9.9.9', 'X-Forwarded-Proto: https', 'X-Request-Id: one'])]
  expect((await rawExchange({ port: shared, parts })).text).toContain('9.9.9.9 https one\n')
  expect((await rawExchange({ port: entry, parts })).text).toContain('127.0.0.1 http one\n')
})

test('what became of each request stands in the access log, without the query and under the id that the app was told', async () => {
  const { entry, shared } = await shop()
  const { text } = await rawExchange({ port: shared, parts: [ask('POST /a?token=secret', ['X-Forwarded-For: 9.9.9.9', 'User-Agent: test', 'Content-Length: 0'])] })
  await rawExchange({ port: entry, parts: [ask('TRACE /')] })
  await rawExchange({ port: entry, parts: ['nonsense\r\n\r\n'] })
  await world.running.close()
  const log = await readFile(join(world.home, 'edge/access.log'), 'utf8')
  const [first, second, third] = log.trimEnd().split('\n').map((line): unknown => JSON.parse(line))
  const id = / ([0-9a-f-]{36})\n/.exec(text)?.[1]
  expect(first).toMatchObject({ id, client: '9.9.9.9', method: 'POST', host: 'shop.test', path: '/a', status: 200, whole: true, app: 'shop', service: 'web', release: 7, agent: 'test', upstream: expect.stringMatching(/^127\.0\.0\.1:\d+$/), bytes: text.length })
  expect(second).toMatchObject({ method: 'TRACE', status: 405, client: '127.0.0.1' })
  expect(third).toMatchObject({ status: 400, client: '127.0.0.1' })
  expect(log).not.toContain('secret')
})

test('an upload that drips below the pace is refused, an answer that is taken in drips is cut', async () => {
  const { entry } = await shop({ settings: { limits: { slowMs: 400, slowBytesPerSecond: 1_000 } } })
  const dripping = connect(entry, '127.0.0.1')
  dripping.on('error', () => undefined)
  dripping.write('POST / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 100000\r\n\r\n')
  const drip = setInterval(() => dripping.write('x'), 50)
  const [answer] = (await once(dripping, 'data')) as [Buffer]
  clearInterval(drip)
  dripping.destroy()
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 408/)

  const gone = Promise.withResolvers<void>()
  const { port } = await world.upstream((_request, response) => {
    response.once('close', gone.resolve)
    response.end(Buffer.alloc(32 * 1024 * 1024))
  })
  await world.edge.shift(shopTraffic({ release: 8, entry, upstreams: [port] }), signal)
  const sipping = new Socket({ highWaterMark: 1 } as ConstructorParameters<typeof Socket>[0]).connect(entry, '127.0.0.1')
  sipping.on('error', () => undefined)
  sipping.write('GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n')
  const sip = setInterval(() => sipping.read(1), 50)
  sipping.on('readable', () => undefined)
  await gone.promise
  clearInterval(sip)
  sipping.destroy()
})

test('a connection too many is told so, and there is room again when another one goes', async () => {
  const { entry } = await shop({ settings: { limits: { connections: 2 } } })
  const held = [connect(entry, '127.0.0.1'), connect(entry, '127.0.0.1')]
  await Promise.all(held.map(async (socket) => once(socket, 'connect')))
  // The edge has taken a connection when it answers on it.
  for (const socket of held) socket.write('GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n')
  await Promise.all(held.map(async (socket) => once(socket, 'data')))
  expect((await rawExchange({ port: entry, parts: [] })).text).toMatch(/^HTTP\/1\.1 503[^]*retry-after/)
  held[0]?.destroy()
  await expect.poll(async () => (await rawExchange({ port: entry, parts: [ask('GET /')] })).text, { timeout: 10_000 }).toMatch(/^HTTP\/1\.1 200/)
  held[1]?.destroy()
})

test('the settings of a home hold for its edge, and a fault in them is named', async () => {
  const { entry } = await shop()
  await world.running.close()
  await mkdir(join(world.home, 'edge'), { recursive: true })
  const settings = join(world.home, 'edge/settings.json')
  await writeFile(settings, '{"limits": {"targetBytes": 300}, "accessLog": {"enabled": false}}')
  await world.restart()
  expect((await rawExchange({ port: entry, parts: [ask(`GET /${'a'.repeat(300)}`)] })).text).toMatch(/^HTTP\/1\.1 414/)
  await world.running.close()
  await writeFile(settings, '{"limits": {"headersMs": "long", "bodybytes": 1}, "trustedFronts": ["shop.test", "10.0.0.0/33"]}')
  await expect(world.restart()).rejects.toMatchObject({ code: 'USAGE', message: expect.stringMatching(/settings\.json cannot be used.*limits\.headersMs.*bodybytes.*trustedFronts\.0.*trustedFronts\.1/) })
  await writeFile(settings, 'limits: none')
  await expect(world.restart()).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining('settings.json') })
})
