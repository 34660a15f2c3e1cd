import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { EdgeFleet } from '../src/fleet/create-edge-fleet.ts'
import { edgeWorld, type EdgeWorld, freePort, shopTraffic, signal } from './edge-world.ts'
import { fleetWorld, type FleetWorld } from './fleet-world.ts'
import { steadyLoad } from './steady-load.ts'

let world: FleetWorld
let upstreams: EdgeWorld
let fleet: EdgeFleet
let entry: number
let host: string
/** Lets the slow answers come, each its own. */
let release: () => void
let releaseLater: () => void

beforeEach(async () => {
  upstreams = await edgeWorld()
  entry = await freePort()
  const released = new Promise<void>((resolve) => (release = resolve))
  const releasedLater = new Promise<void>((resolve) => (releaseLater = resolve))
  const { port } = await upstreams.upstream((request, response) => {
    if (request.url === '/slow') void released.then(() => response.end('slow'))
    else if (request.url === '/begun') {
      response.write('begun')
      void released.then(() => response.end(', ended'))
    } else if (request.url === '/later') void releasedLater.then(() => response.end('later'))
    else response.end('quick')
  })
  world = await fleetWorld(['one', 'two'], { stopGraceMs: 20_000 })
  host = world.members[0]?.host ?? ''
  fleet = await world.fleet()
  await fleet.shift(shopTraffic({ release: 1, entry, upstreams: [port] }), signal)
})
afterEach(async () => {
  release()
  releaseLater()
  await world.close()
  await upstreams.close()
})

/** What is answered, and what it says of the connection. */
async function ask(agent: Agent, path = '/'): Promise<[string, string | undefined]> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => get({ host, port: entry, path, agent }, resolve).once('error', reject))
  return [await text(answer), answer.headers.connection]
}

async function inFlight(count: number): Promise<void> {
  while ((await fleet.counters(shopTraffic({ release: 1, entry, upstreams: [1] }).app, signal))['1/web']?.inFlight !== count) await delay(10)
}

test('an edge that is told to stop loses nothing of what was sent to it, and takes nothing new while the last answers come', async () => {
  const load = steadyLoad(entry, { host, fresh: 2, kept: 4 })
  const slow = fetch(`http://${host}:${entry}/slow`).then(async (answer) => answer.text())
  while (load.seen.length < 200) await new Promise((resolve) => setImmediate(resolve))
  const stopped = world.stop('one')
  const stoppedAt = performance.now()
  // Longer than an edge takes to try the ports that it lacks.
  await delay(3_500)
  const seen = await load.finish()
  expect(new Set(seen.map(({ body, failure }) => failure ?? body))).toEqual(new Set(['quick', 'ECONNREFUSED']))
  const refusedAt = seen.find(({ failure }) => failure !== undefined)?.startedAt ?? Infinity
  expect(refusedAt - stoppedAt).toBeLessThan(1_000)
  expect(seen.filter(({ startedAt, kept, body }) => !kept && body !== undefined && startedAt > refusedAt)).toEqual([])
  release()
  expect(await slow).toBe('slow')
  await stopped
})

test('whoever sends on a connection that was idle when an edge was told to stop is answered, and told not to come back on it', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  expect(await ask(agent)).toEqual(['quick', 'keep-alive'])
  const stopped = world.stop('one')
  await delay(300)
  expect(await ask(agent)).toEqual(['quick', 'close'])
  await stopped
})

test('whoever waits for an answer when an edge is told to stop is told with it not to come back on its connection', async () => {
  const answer = ask(new Agent({ keepAlive: true, maxSockets: 1 }), '/slow')
  await inFlight(1)
  const stopped = world.stop('one')
  await delay(300)
  release()
  expect(await answer).toEqual(['slow', 'close'])
  await stopped
})

test('whoever could not be told, because the answer had begun, may send once more, however long that one took', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const answer = ask(agent, '/begun')
  await inFlight(1)
  const stopped = world.stop('one')
  // Longer than idle connections stay open.
  await delay(2_300)
  release()
  expect(await answer).toEqual(['begun, ended', 'keep-alive'])
  await delay(300)
  expect(await ask(agent)).toEqual(['quick', 'close'])
  await stopped
})

test('whoever has connected while an edge had no time is answered before it listens no more', async () => {
  const asking = new Worker(new URL('ask-at-once.ts', import.meta.url), { workerData: { host, port: entry, count: 40 } })
  const [answers] = await Promise.all([once(asking, 'message'), once(asking, 'online').then(async () => {
    // The worker goes on, and its connections wait in the queue of the kernel.
    for (const until = performance.now() + 1_500; performance.now() < until;);
    await world.stop('one')
  })])
  expect(answers).toEqual([Array.from({ length: 40 }, () => 'quick')])
})

test('what was sent on an idle connection while an edge had no time is answered before it closes that', async () => {
  const asking = new Worker(new URL('ask-late.ts', import.meta.url), { workerData: { host, port: entry, afterMs: 2_250 } })
  await once(asking, 'message')
  const block = (ms: number): void => {
    for (const until = performance.now() + ms; performance.now() < until;);
  }
  // So the second one is called in the turn in which idle connections are closed, before them; the worker sends meanwhile.
  setTimeout(() => block(60), 1_980)
  setTimeout(() => block(400), 2_000)
  const [[answer]] = await Promise.all([once(asking, 'message'), world.stop('one')])
  expect(answer).toMatch(/^HTTP\/1\.1 200 .*connection: close.*quick$/is)
})

test('a request on a connection that was silent until then has its whole answer, also when it comes while the edge waits for others', async () => {
  const slow = fetch(`http://${host}:${entry}/slow`).then(async (answer) => answer.text())
  const socket = connect({ host, port: entry })
  await once(socket, 'connect')
  await inFlight(1)
  const stopped = world.stop('one')
  // Longer than idle connections stay open.
  await delay(2_300)
  socket.write('GET /later HTTP/1.1\r\nHost: shop.test\r\n\r\n')
  const later = text(socket)
  await delay(300)
  release()
  expect(await slow).toBe('slow')
  await delay(300)
  releaseLater()
  expect(await later).toMatch(/later$/)
  await stopped
})
