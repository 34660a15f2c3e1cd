import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { Agent, createServer, get, type IncomingMessage, type Server } from 'node:http'
import { createServer as createNetServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Edge } from '@plimsoll/engine'
import { appNameSchema, releaseNumberSchema } from '@plimsoll/model'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import type { EdgeHealth } from '../src/control/control-protocol.ts'
import { createEdge } from '../src/control/create-edge.ts'
import { edgeHealth, ensureEdge, stopEdge } from '../src/control/edge-process.ts'
import { edgePaths } from '../src/edge-paths.ts'
import { freePort, shopTraffic, signal } from './edge-world.ts'
import { type Seen, steadyLoad } from './steady-load.ts'

const shop = appNameSchema.parse('shop')
const one = releaseNumberSchema.parse(1)
/** A machine that does something else at the time takes longer; what is usual stands in docs/performance.md. */
const longestGapMs = 5_000
/** Nothing tells of these things, so they are looked at again and again. */
const pollMs = 10

let home: string
let entry: number
let edge: Edge
let upstreams: Upstream[]

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'plimsoll-edge-'))
  entry = await freePort()
  upstreams = []
  await ensureEdge({ home }, signal)
  edge = createEdge(edgePaths(home))
})

afterEach(async () => {
  await stopEdge({ home }, signal)
  for (const { close } of upstreams) close()
  await rm(home, { recursive: true, force: true })
})

interface Upstream {
  readonly port: number
  /** Requests for `/held`, which are answered when the test says so. */
  readonly held: (() => void)[]
  readonly close: () => void
}

/** Answers its name; echoes over WebSockets. */
async function upstream(name: string): Promise<Upstream> {
  const held: (() => void)[] = []
  const server: Server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
    if (request.url === '/held') held.push(() => response.end(name))
    else response.end(name)
  })
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(data)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = (): void => {
    for (const socket of sockets.clients) socket.terminate()
    server.close()
    server.closeAllConnections()
  }
  const made = { port: (server.address() as AddressInfo).port, held, close }
  upstreams.push(made)
  return made
}

async function shiftTo(release: number, { port }: Upstream, fence = 1): Promise<void> {
  await edge.shift(shopTraffic({ release, entry, upstreams: [port], fence }), signal)
}

/** The health of the edge as soon as it is as wanted. */
async function healthWhen(wanted: (health: EdgeHealth) => boolean): Promise<EdgeHealth> {
  for (;;) {
    const health = await edgeHealth(edgePaths(home), signal)
    if (health !== undefined && wanted(health)) return health
    await delay(pollMs)
  }
}

const withHeir = async (): Promise<EdgeHealth> => healthWhen(({ heir }) => heir !== undefined)
const replace = async (version: string, options: { readonly replaceGraceMs?: number; readonly entry?: string } = {}) => ensureEdge({ home, version, ...options }, signal)
const failures = (seen: readonly Seen[]): Seen[] => seen.filter(({ failure }) => failure !== undefined)

async function ended(pid: number): Promise<void> {
  while (holdsSomething(pid)) await delay(pollMs)
}

/** One that its parent has not asked about yet is there, and holds nothing any more as soon as its last thread has ended. */
function holdsSomething(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')) || readdirSync(`/proc/${pid}/task`).length > 1
  } catch {
    return false // No such process.
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(pollMs)
}

test('an edge that is killed five times under load refuses no connection, loses what was under way in it and nothing else, and is the same edge again', async () => {
  await shiftTo(1, await upstream('one'), 7)
  const table = await edge.live(shop, signal)
  const load = steadyLoad(entry, { fresh: 3, kept: 2 })
  const kills: { readonly from: number; readonly to: number; readonly noticed: number }[] = []
  for (let n = 0; n < 5; n += 1) {
    const { pid, heir } = await withHeir()
    const from = performance.now()
    process.kill(pid, 'SIGKILL')
    await ended(pid)
    const to = performance.now()
    expect((await healthWhen((health) => health.pid !== pid)).pid).toBe(heir)
    // What came after the ends of the old connections was read here, so these were too.
    kills.push({ from, to, noticed: performance.now() })
  }
  const seen = await load.finish()
  const gaps = kills.map(({ from }) => Math.min(...seen.filter(({ startedAt, body }) => startedAt >= from && body !== undefined).map(({ endedAt }) => endedAt)) - from)
  expect(Math.max(...gaps), `gaps of ${gaps.map(Math.round).join(', ')} ms`).toBeLessThan(longestGapMs)
  expect(failures(seen).filter(({ failure }) => failure === 'ECONNREFUSED')).toEqual([])
  expect(failures(seen).filter(({ kept, startedAt, endedAt }) => !kills.some(({ from, to, noticed }) => startedAt <= (kept ? noticed : to) && from <= endedAt))).toEqual([])
  expect(await edge.live(shop, signal)).toEqual(table)
  await expect(shiftTo(2, await upstream('two'), 6)).rejects.toMatchObject({ code: 'FENCED_OFF' })
})

test('a heir that is killed costs nothing, and there is another one', async () => {
  await shiftTo(1, await upstream('one'))
  const load = steadyLoad(entry, { fresh: 2, kept: 2 })
  const { pid, heir = 0 } = await withHeir()
  process.kill(heir, 'SIGKILL')
  const after = await healthWhen((health) => health.heir !== undefined && health.heir !== heir)
  expect(after.pid).toBe(pid)
  expect(failures(await load.finish())).toEqual([])
})

test('an edge that is replaced twice under load loses nothing', async () => {
  await shiftTo(1, await upstream('one'))
  const load = steadyLoad(entry, { fresh: 3, kept: 3 })
  for (const version of ['8', '9']) {
    const before = await withHeir()
    const { health, started } = await replace(version)
    expect(health).toMatchObject({ version, apps: ['shop'] })
    expect(health.pid).not.toBe(before.pid)
    expect(started).toBe(false)
    await ended(before.pid)
  }
  const seen = await load.finish()
  expect(failures(seen)).toEqual([])
  expect(seen.length).toBeGreaterThan(50)
})

test('a connection that is kept over a replacement is served by the new table, and ends with that answer', async () => {
  await shiftTo(1, await upstream('one'))
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  expect(await askOver(agent)).toMatchObject({ body: 'one', connection: 'keep-alive' })
  const old = await withHeir()
  await replace('9')
  await shiftTo(2, await upstream('two'))
  expect(await askOver(agent)).toMatchObject({ body: 'two', connection: 'close' })
  await ended(old.pid)
  agent.destroy()
})

async function askOver(agent: Agent, path = '/'): Promise<{ readonly body: string; readonly connection: string | undefined }> {
  const [response] = (await once(get({ host: '127.0.0.1', port: entry, path, agent }), 'response')) as [IncomingMessage]
  let body = ''
  for await (const chunk of response.setEncoding('utf8')) body += String(chunk)
  return { body, connection: response.headers.connection }
}

test('a release is not drained while the edge that was replaced still waits for its answer, and counts go on', async () => {
  const first = await upstream('one')
  await shiftTo(1, first)
  const agent = new Agent()
  const waiting = askOver(agent, '/held')
  await until(() => first.held.length === 1)
  await replace('9')
  await shiftTo(2, await upstream('two'))
  let drained = false
  const drain = edge.drain({ app: shop, release: one, requestGraceMs: 60_000, streamGraceMs: 0 }, signal).finally(() => (drained = true))
  expect((await edge.counters(shop, signal))['1/web']).toMatchObject({ requests: 0, inFlight: 1 })
  expect(drained).toBe(false)
  first.held[0]?.()
  expect((await waiting).body).toBe('one')
  expect(await drain).toMatchObject({ cutRequests: 0, cutStreams: 0 })
  await healthWhen(() => true)
  expect((await edge.counters(shop, signal))['1/web']).toMatchObject({ requests: 1, inFlight: 0 })
})

test('a WebSocket lives on in the edge that was replaced until its grace ends, and is then closed with 1012', async () => {
  await shiftTo(1, await upstream('one'))
  const socket = new WebSocket(`ws://127.0.0.1:${entry}/`)
  await once(socket, 'open')
  const old = await withHeir()
  await replace('9', { replaceGraceMs: 1_500 })
  socket.send('still here')
  const [echo] = (await once(socket, 'message')) as [Buffer]
  expect(echo.toString()).toBe('still here')
  const [code] = (await once(socket, 'close')) as [number]
  expect(code).toBe(1012)
  await ended(old.pid)
})

test('a request that waits in an edge which is replaced is served when the pause ends, by what is live then', async () => {
  await shiftTo(1, await upstream('one'))
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  await askOver(agent)
  const now = Date.now()
  await edge.pause({ app: shop, fence: 1, pause: { since: new Date(now).toISOString(), until: new Date(now + 30_000).toISOString(), atEnd: 'refuse' } }, signal)
  const waits = askOver(agent)
  await withHeir()
  await replace('9')
  expect(await edge.quiesce({ app: shop, graceMs: 30_000 }, signal)).toMatchObject({ leftRequests: 0 })
  await shiftTo(2, await upstream('two'))
  await edge.pause({ app: shop, fence: 1, pause: null }, signal)
  expect((await waits).body).toBe('two')
  agent.destroy()
})

/** Says that it is ready, and puts the table aside when it is to serve, as one does that cannot read it. */
const unableToServe = `import { renameSync } from 'node:fs'
process.on('message', ({ is, number, verb }) => {
  if (verb === 'serve') {
    renameSync(process.argv[process.argv.indexOf('--home') + 1] + '/edge/table.json', import.meta.filename + '.table')
    process.exit(3)
  }
  if (is === 'question') process.send({ is: 'answer', number })
})
process.send({ is: 'question', number: 1, verb: 'ready', body: 1 })
`

test.each([['does not come up', 'process.exit(3)'], ['comes up and cannot serve', unableToServe]])('a replacement that %s leaves the edge as it was, with its heir and its table', async (_what, program) => {
  await shiftTo(1, await upstream('one'))
  const before = await withHeir()
  const table = await readFile(edgePaths(home).snapshot, 'utf8')
  const broken = join(home, 'broken.mjs')
  await writeFile(broken, program)
  await expect(replace('9', { entry: broken })).rejects.toMatchObject({ code: 'EDGE_DOWN' })
  expect((await withHeir()).pid).toBe(before.pid)
  expect(await readFile(edgePaths(home).snapshot, 'utf8')).toBe(table)
  expect((await askOver(new Agent())).body).toBe('one')
})

test('a port that an app gives up is free when the edge says so, although a heir held it too', async () => {
  const { port } = await upstream('one')
  await withHeir()
  await edge.shift(shopTraffic({ release: 1, entry, upstreams: [port] }), signal)
  await edge.remove(shop, 1, signal)
  const stranger = createNetServer().listen(entry, '127.0.0.1')
  await once(stranger, 'listening')
  stranger.close()
})

test('stopEdge ends the edge, its heir, and the edge that it replaced', async () => {
  const first = await upstream('one')
  await shiftTo(1, first)
  const socket = new WebSocket(`ws://127.0.0.1:${entry}/`)
  await once(socket, 'open')
  const old = await withHeir()
  await replace('9')
  const { pid, heir = 0 } = await withHeir()
  const closed = once(socket, 'close')
  await stopEdge({ home }, signal)
  await Promise.all([old.pid, pid, heir].map(ended))
  expect((await closed)[0]).toBe(1012)
})
