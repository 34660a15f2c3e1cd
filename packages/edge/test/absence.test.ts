import { createServer } from 'node:http'
import { once } from 'node:events'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type EdgeWorld, edgeWorld, freePort, shopTraffic, signal } from './edge-world.ts'

let world: EdgeWorld
let entry: number
let gone: number

/** An edge whose only instance has just died. */
async function orphaned(absentMs: number): Promise<void> {
  world = await edgeWorld({ settings: { units: { absentMs } } })
  entry = await world.freePort()
  gone = await freePort()
  await world.edge.shift(shopTraffic({ release: 1, entry, upstreams: [gone] }), signal)
}

beforeEach(async () => orphaned(10_000))
afterEach(async () => world.close())

const ask = async (init: RequestInit = {}): Promise<Response> => fetch(`http://127.0.0.1:${entry}/`, init)
const waiting = async (count: number): Promise<void> => {
  const inFlight = async (): Promise<number> => (await world.edge.counters(shopTraffic({ release: 1, entry, upstreams: [1] }).app, signal))['1/web']?.inFlight ?? 0
  for (let now = await inFlight(); now !== count; now = await inFlight()) await new Promise((resolve) => setTimeout(resolve, 10))
}

test('requests with their bodies wait for the restart of an instance, and each is sent once', async () => {
  const bodies: string[] = []
  const asked = Array.from({ length: 30 }, async (_, index) => (await ask({ method: 'POST', body: `order ${index}` })).text())
  await waiting(30)
  const server = createServer((request, response) => {
    request.setEncoding('utf8').once('data', (body: string) => bodies.push(body) && response.end(body))
  })
  server.listen(gone, '127.0.0.1')
  await once(server, 'listening')
  const expected = Array.from({ length: 30 }, (_, index) => `order ${index}`)
  expect(await Promise.all(asked)).toEqual(expected)
  expect(bodies.toSorted()).toEqual(expected.toSorted())
  const counted = await world.edge.counters(shopTraffic({ release: 1, entry, upstreams: [1] }).app, signal)
  expect(counted['1/web']).toMatchObject({ requests: 30, responses5xx: 0, upstreamFailures: 30, inFlight: 0 })
  server.close()
  server.closeAllConnections()
})

test('a switch brings those that wait to the release that is live by then, and the one before has nothing in flight', async () => {
  const asked = [ask(), ask()]
  await waiting(2)
  const { port } = await world.upstream((_request, response) => response.end('two'))
  await world.edge.shift(shopTraffic({ release: 2, entry, upstreams: [port] }), signal)
  expect(await Promise.all(asked.map(async (one) => (await one).text()))).toEqual(['two', 'two'])
})

test('who has gone meanwhile is not sent, and keeps nobody from it', async () => {
  const leaving = new AbortController()
  const left = Array.from({ length: 20 }, async () => ask({ signal: leaving.signal }).catch(() => 'left'))
  await waiting(20)
  leaving.abort()
  expect(new Set(await Promise.all(left))).toEqual(new Set(['left']))
  // They know it before the edge does.
  await waiting(0)
  const asked = ask()
  let sent = 0
  const server = createServer((_request, response) => response.end(`${(sent += 1)}`)).listen(gone, '127.0.0.1')
  expect(await (await asked).text()).toBe('1')
  server.close()
  server.closeAllConnections()
})

test('a service that stays down is waited for once, then it says so at once', async () => {
  await world.close()
  await orphaned(400)
  const since = performance.now()
  expect((await ask()).status).toBe(502)
  const waited = performance.now() - since
  expect(waited).toBeGreaterThanOrEqual(400)
  const again = performance.now()
  expect((await ask()).status).toBe(502)
  expect(performance.now() - again).toBeLessThan(waited)
})
