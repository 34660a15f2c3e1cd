import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { Agent, request as httpRequest, type IncomingMessage, type RequestListener } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { appNameSchema, releaseNumberSchema } from '@plimsoll/model'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { type EdgeWorld, edgeWorld, shopTraffic, signal, type Upstream } from './edge-world.ts'

/** Twenty switches in a row, each to a fresh upstream; the old one is drained and then killed without mercy. */
const switches = 20

const app = appNameSchema.parse('shop')
let world: EdgeWorld
let entry: number

beforeAll(async () => {
  world = await edgeWorld()
  entry = await world.freePort()
})
afterAll(async () => world.close())

interface Evidence {
  sent: number
  readonly failures: string[]
  readonly stale: string[]
  /** Id of each write → how often an upstream did it. */
  readonly writes: Map<string, number>
  /** The release that was live, by acknowledgement, when the load generator last looked. */
  acknowledged: number
  over: boolean
}

test('loses, doubles and misdirects nothing over twenty switches under mixed load', { timeout: 90_000 }, async () => {
  const evidence: Evidence = { sent: 0, failures: [], stale: [], writes: new Map(), acknowledged: 0, over: false }
  let current = await release(1, evidence)
  await world.edge.shift(shopTraffic({ release: 1, entry, upstreams: [current.port] }), signal)
  evidence.acknowledged = 1
  const clients = [
    ...times(6, async () => loop(evidence, quick)),
    ...times(3, async () => loop(evidence, slow)),
    ...times(2, async () => loop(evidence, upload)),
    ...times(2, async () => loop(evidence, download)),
    ...times(3, async () => loop(evidence, write)),
    ...times(2, async () => loop(evidence, chat)),
    ...times(2, async () => loop(evidence, listenToEvents)),
  ]
  const reports = []
  for (let number = 2; number <= switches + 1; number += 1) {
    const next = await release(number, evidence)
    await sleep(50)
    await world.edge.shift(shopTraffic({ release: number, entry, upstreams: [next.port] }), signal)
    evidence.acknowledged = number
    const old = releaseNumberSchema.parse(number - 1)
    reports.push(await world.edge.drain({ app, release: old, requestGraceMs: 10_000, streamGraceMs: 50 }, signal))
    await current.stop()
    current = next
  }
  evidence.over = true
  await Promise.all(clients)
  expect(evidence.failures).toEqual([])
  expect(evidence.stale).toEqual([])
  expect([...evidence.writes].filter(([, count]) => count !== 1)).toEqual([])
  expect(evidence.writes.size).toBeGreaterThan(100)
  expect(evidence.sent).toBeGreaterThan(1_000)
  expect(reports.reduce((sum, report) => sum + report.cutRequests, 0)).toBe(0)
  expect(reports.reduce((sum, report) => sum + report.cutStreams, 0)).toBeGreaterThan(switches)
})

async function release(number: number, evidence: Evidence): Promise<Upstream> {
  const upstream = await world.upstream(application(number, evidence))
  const sockets = new WebSocketServer({ server: upstream.server })
  sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(`${number}:${String(data)}`)))
  return upstream
}

function application(number: number, evidence: Evidence): RequestListener {
  return (request, response) => {
    response.setHeader('x-release', number)
    const url = request.url ?? ''
    if (url === '/slow') return void setTimeout(() => response.end('slow'), 300)
    if (url === '/upload') return void sumOf(request).then((sum) => response.end(sum))
    if (url === '/download') return void drip(response, 8)
    if (url === '/events') return void response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: hello\n\n')
    if (url.startsWith('/write/')) evidence.writes.set(url, (evidence.writes.get(url) ?? 0) + 1)
    response.end('quick')
  }
}

async function drip(response: Parameters<RequestListener>[1], parts: number): Promise<void> {
  for (let part = 0; part < parts; part += 1) {
    response.write('x'.repeat(1024))
    await sleep(20)
  }
  response.end()
}

async function sumOf(request: IncomingMessage): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of request) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

const agent = new Agent({ keepAlive: true })
afterAll(() => agent.destroy())

async function loop(evidence: Evidence, act: (evidence: Evidence) => Promise<void>): Promise<void> {
  while (!evidence.over) {
    const wanted = evidence.acknowledged
    evidence.sent += 1
    await act(evidence).catch((error: unknown) => evidence.failures.push(`${act.name} at ${wanted}: ${String(error)}`))
  }
}

interface Sent {
  readonly method?: string
  readonly path: string
  readonly body?: readonly Buffer[]
}

async function send(evidence: Evidence, { method = 'GET', path, body = [] }: Sent): Promise<string> {
  const wanted = evidence.acknowledged
  const request = httpRequest({ host: '127.0.0.1', port: entry, path, method, agent })
  const answered = once(request, 'response') as Promise<[IncomingMessage]>
  for (const part of body) {
    request.write(part)
    await sleep(10)
  }
  request.end()
  const [response] = await answered
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) text += String(chunk)
  if (response.statusCode !== 200) throw new Error(`${response.statusCode} ${text}`)
  if (Number(response.headers['x-release']) < wanted) evidence.stale.push(`${path}: ${String(response.headers['x-release'])} instead of ${wanted}`)
  return text
}

async function quick(evidence: Evidence): Promise<void> {
  await send(evidence, { path: '/quick' })
  await sleep(5)
}

async function slow(evidence: Evidence): Promise<void> {
  await send(evidence, { path: '/slow' })
}

async function upload(evidence: Evidence): Promise<void> {
  const body = times(10, () => Buffer.alloc(20_000, randomUUID()))
  const sum = await send(evidence, { method: 'PUT', path: '/upload', body })
  if (sum !== createHash('sha256').update(Buffer.concat(body)).digest('hex')) throw new Error('the upload arrived changed')
}

async function download(evidence: Evidence): Promise<void> {
  const text = await send(evidence, { path: '/download' })
  if (text.length !== 8 * 1024) throw new Error(`the download has ${text.length} bytes`)
}

async function write(evidence: Evidence): Promise<void> {
  const path = `/write/${randomUUID()}`
  await send(evidence, { method: 'POST', path, body: [Buffer.from('one order')] })
  if (evidence.writes.get(path) !== 1) throw new Error('an acknowledged write did not happen once')
}

/** Talks until it is asked to come back, which is the only way in which it may end. */
async function chat(evidence: Evidence): Promise<void> {
  const wanted = evidence.acknowledged
  const socket = new WebSocket(`ws://127.0.0.1:${entry}/chat`)
  const closed = once(socket, 'close') as Promise<[CloseEvent]>
  await once(socket, 'open')
  let told = 0
  socket.addEventListener('message', ({ data }) => {
    if (Number(String(data).split(':')[0]) < wanted) evidence.stale.push(`chat: ${String(data)} instead of ${wanted}`)
    told += 1
  })
  const talk = setInterval(() => (evidence.over ? socket.close(1000) : socket.send('hi')), 10)
  const [{ code }] = await closed
  clearInterval(talk)
  if (code !== 1012 && !evidence.over) throw new Error(`closed with ${code} after ${told} messages`)
}

/** An event stream ends whole, not cut, when its release goes. */
async function listenToEvents(evidence: Evidence): Promise<void> {
  const request = httpRequest({ host: '127.0.0.1', port: entry, path: '/events', agent })
  request.end()
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const stopper = setInterval(() => evidence.over && response.destroy(), 20)
  try {
    for await (const chunk of response) if (!String(chunk).startsWith('data:')) throw new Error('not an event')
  } catch (error) {
    if (!evidence.over) throw error
  } finally {
    clearInterval(stopper)
  }
}

function times<Result>(count: number, make: () => Result): Result[] {
  return Array.from({ length: count }, make)
}
