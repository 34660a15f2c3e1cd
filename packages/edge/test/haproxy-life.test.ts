import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { whyNoHaproxy } from '../src/contract/why-no-haproxy.ts'
import type { EdgeHealth } from '../src/control/control-protocol.ts'
import { createEdge } from '../src/control/create-edge.ts'
import { edgeHealth, ensureEdge, stopEdge } from '../src/control/edge-process.ts'
import { edgePaths } from '../src/edge-paths.ts'
import { endOf, findHaproxy, type FoundHaproxy, haproxiesOf } from '../src/haproxy/haproxy-processes.ts'
import { locateHaproxy } from '../src/haproxy/locate-haproxy.ts'
import { type EdgeWorld, edgeWorld, freePorts, shopTraffic, signal } from './edge-world.ts'
import { type Seen, steadyLoad } from './steady-load.ts'

const missing = whyNoHaproxy(process.env)
const testIt = test.skipIf(missing !== undefined)
const titleOf = (title: string): string => missing ?? title
/** A machine that does something else at the time takes longer; what is usual stands in docs/performance.md. */
const longestGapMs = 5_000
const pollMs = 10

let home: string
let shared: number
let entry: number
let another: number
/** Has the units; no edge of it is asked. */
let world: EdgeWorld

beforeEach(async () => {
  if (missing !== undefined) return
  home = await mkdtemp(join(tmpdir(), 'plimsoll-edge-'))
  const ports = await freePorts(3)
  ;[shared = 0, entry = 0, another = 0] = ports
  world = await edgeWorld()
  await ensure()
  const { port } = await world.upstream((_request, response) => response.end('one'))
  await shift({ release: 1, upstreams: [port] })
})

afterEach(async () => {
  if (missing !== undefined) return
  await stopEdge({ home }, signal)
  expect(haproxiesOf(edgePaths(home).directory)).toEqual([])
  await world.close()
  await rm(home, { recursive: true, force: true })
})

const ensure = async (version = '1') => ensureEdge({ home, version, port: shared, haproxy: locateHaproxy(process.env['PATH']) }, signal)
const edge = () => createEdge(edgePaths(home))
const shift = async (sketch: { readonly release: number; readonly upstreams: readonly number[]; readonly at?: number }): Promise<void> =>
  void (await edge().shift(shopTraffic({ entry: sketch.at ?? entry, hosts: ['shop.test'], ...sketch }), signal))

/** The edge with a heir and a HAProxy that is none of `before`. */
async function whole(...before: readonly number[]): Promise<{ readonly health: EdgeHealth; readonly haproxy: FoundHaproxy }> {
  for (;;) {
    const [health, haproxy] = await Promise.all([edgeHealth(edgePaths(home), signal), findHaproxy(edgePaths(home).directory)])
    if (health?.heir !== undefined && haproxy !== undefined && !before.some((pid) => [health.pid, haproxy.pid].includes(pid))) return { health, haproxy }
    await delay(pollMs)
  }
}

interface Kill {
  readonly from: number
  /** When it was gone. */
  readonly to: number
  /** When this process, where the clients are, has read the ends of its connections: it has read something newer by then. */
  readonly noticed: number
}

/** What failed without having been under way in one that was killed, or sent on a connection to it. */
function lostBeyond(seen: readonly Seen[], kills: readonly Kill[]): Seen[] {
  return seen.filter(({ failure, kept, startedAt, endedAt }) => failure !== undefined && (failure === 'ECONNREFUSED' || !kills.some(({ from, to, noticed }) => startedAt <= (kept ? noticed : to) && from <= endedAt)))
}

testIt(titleOf('a HAProxy that is killed twice under load refuses no connection, loses what was under way in it and nothing else, and serves the same again'), async () => {
  const load = steadyLoad(entry, { fresh: 3, kept: 2 })
  const kills: Kill[] = []
  for (let n = 0; n < 2; n += 1) {
    const { pid } = (await whole()).haproxy
    const from = performance.now()
    process.kill(pid, 'SIGKILL')
    await endOf(pid)
    const to = performance.now()
    await whole(pid)
    kills.push({ from, to, noticed: performance.now() })
  }
  const seen = await load.finish()
  const gaps = kills.map(({ from }) => Math.min(...seen.filter(({ startedAt, body }) => startedAt >= from && body !== undefined).map(({ endedAt }) => endedAt)) - from)
  expect(Math.max(...gaps), `gaps of ${gaps.map(Math.round).join(', ')} ms`).toBeLessThan(longestGapMs)
  expect(lostBeyond(seen, kills)).toEqual([])
  expect(haproxiesOf(edgePaths(home).directory)).toHaveLength(1)
})

testIt(titleOf('an edge that is killed behind HAProxy loses what was under way in it and nothing else: what HAProxy answers goes on, and what it asks waits'), async () => {
  const answered = steadyLoad(entry, { fresh: 2, kept: 2 })
  const asked = steadyLoad(entry, { fresh: 3, kept: 0, method: 'POST' })
  const { health: { pid } } = await whole()
  const from = performance.now()
  process.kill(pid, 'SIGKILL')
  await endOf(pid)
  const to = performance.now()
  await whole(pid)
  const kill: Kill = { from, to, noticed: performance.now() }
  while (answered.seen.length <= 50) await delay(pollMs)
  const [through, passed] = [await answered.finish(), await asked.finish()]
  expect(through.filter(({ failure }) => failure !== undefined)).toEqual([])
  expect(lostBeyond(passed, [kill])).toEqual([])
  expect(passed.some(({ startedAt, body }) => startedAt > to && body === 'one')).toBe(true)
})

testIt(titleOf('an edge that is replaced behind HAProxy loses nothing, and its end leaves the HAProxy of the next one as it is'), async () => {
  const loads = [steadyLoad(entry, { fresh: 2, kept: 2 }), steadyLoad(entry, { fresh: 2, kept: 1, method: 'POST' })]
  const before = await whole()
  await ensure('9')
  const after = await whole(before.health.pid, before.haproxy.pid)
  await endOf(before.health.pid)
  await shift({ release: 2, upstreams: [(await world.upstream((_request, response) => response.end('two'))).port] })
  const seen = (await Promise.all(loads.map((load) => load.finish()))).flat()
  expect(seen.filter(({ failure }) => failure !== undefined)).toEqual([])
  expect(haproxiesOf(edgePaths(home).directory).map(({ pid }) => pid)).toEqual([after.haproxy.pid])
  expect(await (await fetch(`http://127.0.0.1:${entry}/`)).text()).toBe('two')
})

testIt(titleOf('HAProxy serves on while there is no edge, and the next one takes it over; all of it killed at once is brought back by one start'), async () => {
  const first = await whole()
  for (const pid of [first.health.heir ?? 0, first.health.pid]) process.kill(pid, 'SIGKILL')
  await endOf(first.health.pid)
  let isBack = false
  const back = ensure().finally(() => (isBack = true))
  do expect(await (await fetch(`http://127.0.0.1:${entry}/`)).text()).toBe('one')
  while (!isBack)
  expect((await back).health.pid).not.toBe(first.health.pid)
  const second = await whole(first.haproxy.pid)
  for (const pid of [second.haproxy.pid, second.health.heir ?? 0, second.health.pid]) process.kill(pid, 'SIGKILL')
  await Promise.all([second.haproxy.pid, second.health.pid].map(endOf))
  await ensure()
  expect(await (await fetch(`http://127.0.0.1:${entry}/`)).text()).toBe('one')
})

testIt(titleOf('a HAProxy that still has a WebSocket when another port is opened goes on with it, and ends with the edge; the port that was given up is free'), async () => {
  const { port, server } = await world.upstream((_request, response) => response.end('two'))
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(data)))
  await shift({ release: 2, upstreams: [port] })
  const socket = new WebSocket(`ws://127.0.0.1:${entry}/`)
  await once(socket, 'open')
  await shift({ release: 2, upstreams: [port], at: another })
  expect(haproxiesOf(edgePaths(home).directory)).toHaveLength(2)
  expect(await (await fetch(`http://127.0.0.1:${another}/`)).text()).toBe('two')
  const stranger = createServer().listen(entry, '127.0.0.1')
  await once(stranger, 'listening')
  stranger.close()
  socket.send('still here')
  expect(String((await once(socket, 'message'))[0])).toBe('still here')
  const closed = once(socket, 'close')
  await stopEdge({ home }, signal)
  await closed
})
