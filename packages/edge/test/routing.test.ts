import { once } from 'node:events'
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { releaseNumberSchema } from '@plimsoll/model'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { type EdgeWorld, edgeWorld, freePort, settled, shopTraffic, signal } from './edge-world.ts'
import { rawExchange } from './raw-exchange.ts'

let world: EdgeWorld
let entry: number
let shared: number

beforeEach(async () => {
  shared = await freePort()
  world = await edgeWorld({ port: shared, settings: { units: { absentMs: 0 } } })
  entry = await world.freePort()
})
afterEach(async () => world.close())

const app = shopTraffic({ release: 1, entry: 1, upstreams: [1] }).app
const named = async (name: string): Promise<number> => (await world.upstream((_request, response) => response.end(name))).port
const ask = async (init: RequestInit = {}): Promise<string> => (await fetch(`http://127.0.0.1:${entry}/`, init)).text()
const counters = async (unit: string) => (await world.edge.counters(app, signal))[unit]

test('the shared port answers by host name, in any case and with any port, and by no other', async () => {
  await world.edge.shift(shopTraffic({ release: 1, entry, upstreams: [await named('one')], hosts: ['web.shop.localhost'] }), signal)
  const get = async (host: string): Promise<string> => (await rawExchange({ port: shared, parts: [`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`] })).text
  expect(await get('web.shop.localhost')).toContain('one')
  expect(await get(`WEB.shop.localhost.:${shared}`)).toContain('one')
  expect(await get('other.localhost')).toMatch(/^HTTP\/1\.1 404/)
})

test('behind a TLS front the app is told the client that the front names, and nowhere else', async () => {
  const { port } = await world.upstream(({ headers }, response) => response.end(`${String(headers['x-forwarded-for'])} ${String(headers['x-real-ip'])} ${String(headers['x-forwarded-proto'])}`))
  await world.edge.shift(shopTraffic({ release: 1, entry, upstreams: [port], hosts: ['web.shop.localhost', 'shop.example.com'] }), signal)
  const told = async (at: number, host: string, named: string): Promise<string> => {
    const head = ['GET / HTTP/1.1', `Host: ${host}`, 'Connection: close', `X-Forwarded-For: ${named}`, 'X-Forwarded-Proto: https', '', '']
    return (await rawExchange({ port: at, parts: [head.join('\r\n')] })).text.split('\r\n\r\n')[1] ?? ''
  }
  expect(await told(shared, 'shop.example.com', '6.6.6.6, 203.0.113.9')).toContain('203.0.113.9 203.0.113.9 https')
  expect(await told(shared, 'shop.example.com', '2001:db8::7')).toContain('2001:db8::7 2001:db8::7 https')
  expect(await told(shared, 'shop.example.com', 'nobody')).toContain('127.0.0.1 127.0.0.1 https')
  expect(await told(shared, 'web.shop.localhost', '6.6.6.6')).toContain('127.0.0.1 127.0.0.1 http')
  expect(await told(entry, 'shop.example.com', '6.6.6.6')).toContain('127.0.0.1 127.0.0.1 http')
})

test('an entry answers on both loopback addresses, whatever the host name', async () => {
  await world.edge.shift(shopTraffic({ release: 1, entry, upstreams: [await named('one')] }), signal)
  expect(await (await fetch(`http://[::1]:${entry}/`)).text()).toBe('one')
  expect(await (await fetch(`http://127.0.0.1:${entry}/`)).text()).toBe('one')
})

test('requests go to the addresses in turn; one that refuses is passed over, also by a POST', async () => {
  const addresses = [await named('a'), await freePort(), await named('b')]
  await world.edge.shift(shopTraffic({ release: 1, entry, upstreams: addresses }), signal)
  const answers: string[] = []
  for (let count = 0; count < 12; count += 1) answers.push(await ask(count % 2 === 0 ? {} : { method: 'POST', body: 'x' }))
  expect(new Set(answers)).toEqual(new Set(['a', 'b']))
})

test('a client connection survives a switch', async () => {
  await world.edge.shift(shopTraffic({ release: 1, entry, upstreams: [await named('one')] }), signal)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const get = async (): Promise<{ text: string; from: number | undefined }> => {
    const request = httpRequest({ port: entry, host: '127.0.0.1', agent }).end()
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    const from = response.socket.localPort
    let text = ''
    for await (const chunk of response) text += String(chunk)
    return { text, from }
  }
  const before = await get()
  await world.edge.shift(shopTraffic({ release: 2, entry, upstreams: [await named('two')] }), signal)
  const after = await get()
  agent.destroy()
  expect([before.text, after.text]).toEqual(['one', 'two'])
  expect(after.from).toBe(before.from)
})

test('a socket that the upstream closes as it is used again costs a GET nothing and a POST is never sent on one', async () => {
  const requestsOn = new Map<Socket, string[]>()
  const { port } = await world.upstream((request, response) => {
    const methods = requestsOn.get(request.socket) ?? []
    requestsOn.set(request.socket, [...methods, request.method ?? ''])
    if (methods.length > 0) return void request.socket.destroy()
    response.end('fine')
  })
  await world.edge.shift(shopTraffic({ release: 1, entry, upstreams: [port] }), signal)
  for (let count = 0; count < 10; count += 1) {
    expect(await ask()).toBe('fine')
    expect(await ask({ method: 'POST', body: 'x' })).toBe('fine')
    expect(await ask({ method: 'DELETE' })).toBe('fine')
  }
  expect([...requestsOn.values()].filter(([, ...reused]) => reused.includes('POST'))).toEqual([])
  expect([...requestsOn.values()].some((methods) => methods.length > 1)).toBe(true)
})

test('a POST whose upstream dies after taking it is not sent again', async () => {
  let taken = 0
  const { port } = await world.upstream((request) => {
    taken += 1
    request.socket.destroy()
  })
  await world.edge.shift(shopTraffic({ release: 1, entry, upstreams: [port, port] }), signal)
  const response = await fetch(`http://127.0.0.1:${entry}/`, { method: 'POST', body: 'x' })
  expect([response.status, taken]).toEqual([502, 1])
  expect(await counters('1/web')).toMatchObject({ requests: 1, responses5xx: 1, upstreamFailures: 1, inFlight: 0 })
})

test('a request that waits for a refused release is answered by the one that is live by then', async () => {
  await world.edge.shift(shopTraffic({ release: 1, entry, upstreams: [await freePort()] }), signal)
  expect((await fetch(`http://127.0.0.1:${entry}/`)).status).toBe(502)
  await world.edge.shift(shopTraffic({ release: 2, entry, upstreams: [await named('two')], deploymentId: 'b', previous: [{ release: 1, upstreams: [await freePort()], deploymentId: 'a' }] }), signal)
  expect(await ask()).toBe('two')
})

test('a tab of the previous release goes on talking to it, until it is taken out of the table', async () => {
  const [one, two] = [await named('one'), await named('two')]
  const old = { headers: { 'x-deployment-id': 'a' } }
  await world.edge.shift(shopTraffic({ release: 2, entry, upstreams: [two], deploymentId: 'b', previous: [{ release: 1, upstreams: [one], deploymentId: 'a' }] }), signal)
  expect([await ask(old), await ask()]).toEqual(['one', 'two'])
  await world.edge.shift(shopTraffic({ release: 2, entry, upstreams: [two], deploymentId: 'b' }), signal)
  expect(await ask(old)).toBe('two')
})

test('an app without a live unit for a service says so and when to come back', async () => {
  const traffic = shopTraffic({ release: 1, entry, upstreams: [1] })
  await world.edge.shift({ ...traffic, live: { ...traffic.live, targets: {} } }, signal)
  const response = await fetch(`http://127.0.0.1:${entry}/`)
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2'])
})

test('a browser gets a page when no upstream answers, and nothing of what it sent is in it', async () => {
  await world.edge.shift(shopTraffic({ release: 1, entry, upstreams: [await freePort()] }), signal)
  const response = await fetch(`http://127.0.0.1:${entry}/<script>`, { headers: { accept: 'text/html' } })
  const text = await response.text()
  expect(response.headers.get('content-type')).toContain('text/html')
  expect(text).toContain('Service web of shop (release 1) did not answer.')
  expect(text).not.toContain('<script>')
})

test('drain waits for a request that was claimed before the switch, and only for that', async () => {
  const answer = Promise.withResolvers<void>()
  const { port, server } = await world.upstream((_request, response) => void answer.promise.then(() => response.end('late')))
  await world.edge.shift(shopTraffic({ release: 1, entry, upstreams: [port] }), signal)
  const arrived = once(server, 'request')
  const waiting = ask()
  await arrived
  await world.edge.shift(shopTraffic({ release: 2, entry, upstreams: [await named('two')] }), signal)
  const draining = world.edge.drain({ app, release: releaseNumberSchema.parse(1), requestGraceMs: 20_000, streamGraceMs: 0 }, signal)
  expect(await ask()).toBe('two')
  expect(await counters('1/web')).toMatchObject({ inFlight: 1 })
  answer.resolve()
  expect(await waiting).toBe('late')
  expect(await draining).toMatchObject({ cutRequests: 0, cutStreams: 0 })
})

test('drain cuts what is left when its grace is over, and counts it', async () => {
  const { port, server } = await world.upstream((_request, response) => void response.writeHead(200).write('a'))
  const sockets = new WebSocketServer({ server })
  await world.edge.shift(shopTraffic({ release: 1, entry, upstreams: [port] }), signal)
  const hanging = await fetch(`http://127.0.0.1:${entry}/`)
  const socket = new WebSocket(`ws://127.0.0.1:${entry}/`)
  await once(socket, 'open')
  const closed = once(socket, 'close') as Promise<[CloseEvent]>
  await world.edge.shift(shopTraffic({ release: 2, entry, upstreams: [await named('two')] }), signal)
  const report = await world.edge.drain({ app, release: releaseNumberSchema.parse(1), requestGraceMs: 30, streamGraceMs: 10 }, signal)
  expect(report).toMatchObject({ cutRequests: 1, cutStreams: 1 })
  await expect(hanging.text()).rejects.toThrow()
  expect((await closed)[0].code).toBe(1012)
  expect(await counters('1/web')).toMatchObject({ inFlight: 0 })
  sockets.close()
})

test('drain refuses the release that is live', async () => {
  await world.edge.shift(shopTraffic({ release: 1, entry, upstreams: [await named('one')] }), signal)
  await expect(world.edge.drain({ app, release: releaseNumberSchema.parse(1), requestGraceMs: 0, streamGraceMs: 0 }, signal)).rejects.toMatchObject({ code: 'USAGE' })
})

test('a switch closes the idle sockets to the old release at once, not when they have been idle for long', async () => {
  const { port, server } = await world.upstream((_request, response) => response.end('one'))
  await world.edge.shift(shopTraffic({ release: 1, entry, upstreams: [port] }), signal)
  const arrived = once(server, 'connection') as Promise<[Socket]>
  await ask()
  const [idle] = await arrived
  const gone = once(idle, 'close')
  const next = await named('two')
  const before = performance.now()
  await world.edge.shift(shopTraffic({ release: 2, entry, upstreams: [next] }), signal)
  await gone
  expect(performance.now() - before).toBeLessThan(2_000)
})

test('a large answer does not pile up in the edge when the client reads slowly', async () => {
  let written = 0
  const { port } = await world.upstream((_request, response) => {
    const push = (): void => {
      for (let more = true; more && written < 64 * 1024 * 1024; written += 65_536) more = response.write(Buffer.alloc(65_536))
    }
    response.on('drain', push)
    push()
  })
  await world.edge.shift(shopTraffic({ release: 1, entry, upstreams: [port] }), signal)
  const request = httpRequest({ port: entry, host: '127.0.0.1' }).end()
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  await settled(() => written)
  response.destroy()
  expect(written).toBeLessThan(32 * 1024 * 1024)
})
