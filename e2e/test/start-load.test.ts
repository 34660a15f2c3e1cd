import { createServer, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { pause } from '../src/load/pause.ts'
import { startLoad } from '../src/load/start-load.ts'
import { shopTarget } from '../src/shop/shop-target.ts'

const onlyEvents = { fresh: 0, kept: 0, slow: 0, upload: 0, download: 0, events: 1, socket: 0, write: 0, page: 0, action: 0 }
const onlyKept = { fresh: 0, kept: 1, slow: 0, upload: 0, download: 0, events: 0, socket: 0, write: 0, page: 0, action: 0 }

test('requests go on arriving at their rate while no answer comes, and each becomes one record', async () => {
  const held: (() => void)[] = []
  const server = createServer((_request, response) => void held.push(() => response.end()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const load = startLoad({ target: shopTarget((server.address() as AddressInfo).port), ratePerSecond: 100, mix: onlyKept, seed: 1, longestMs: 60_000 })
  while (held.length < 50) await once(server, 'request')
  const run = load.finish()
  await pause(0)
  while (held.length < load.arrived()) await once(server, 'request')
  for (const answer of held) answer()
  const { records } = await run
  server.close()
  server.closeAllConnections()
  expect(records).toHaveLength(load.arrived())
  expect(records.map(({ id }) => id)).toEqual(records.map((_, at) => at))
  expect(records.every(({ failure, hops }) => failure === undefined && hops[0]?.status === 200)).toBe(true)
})

test('what is beyond the most in flight is not sent and is told', async () => {
  const server = createServer(() => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const load = startLoad({ target: shopTarget((server.address() as AddressInfo).port), ratePerSecond: 200, mix: onlyKept, seed: 1, longestMs: 60_000, mostInFlight: 3 })
  while (load.arrived() < 10) await pause(5)
  const run = load.finish()
  server.closeAllConnections()
  server.close()
  const { records } = await run
  expect(records.filter(({ failure }) => failure?.is === 'overload')).toHaveLength(load.arrived() - 3)
  expect(records.filter(({ failure }) => failure?.is === 'reset')).toHaveLength(3)
})

test('records that were taken are given once, and the load goes on', async () => {
  const server = createServer((_request, response) => void response.end())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const load = startLoad({ target: shopTarget((server.address() as AddressInfo).port), ratePerSecond: 100, mix: onlyKept, seed: 1, longestMs: 60_000 })
  const taken = []
  for (let pieces = 0; pieces < 3; ) {
    await pause(5)
    const piece = load.take()
    if (piece.length > 0) pieces += 1
    taken.push(...piece)
  }
  const { records } = await load.finish()
  server.closeAllConnections()
  server.close()
  expect([...taken, ...records].map(({ id }) => id).toSorted((one, other) => one - other)).toEqual(Array.from({ length: load.arrived() }, (_, at) => at))
})

test('a stream that is held back lives from its first event on', async () => {
  const held: ServerResponse[] = []
  const server = createServer((_request, response) => void held.push(response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const load = startLoad({ target: shopTarget((server.address() as AddressInfo).port), ratePerSecond: 50, mix: onlyEvents, pace: 0.01, seed: 1, longestMs: 400 })
  while (held.length < 20) await once(server, 'request')
  expect(load.take()).toEqual([])
  const telling = setInterval(() => held.map((response) => response.write('data: news\n\n')), 5)
  const records = []
  for (; records.length < 20; await pause(5)) records.push(...load.take())
  clearInterval(telling)
  await load.finish()
  server.closeAllConnections()
  server.close()
  expect(records.filter(({ failure }) => failure !== undefined)).toEqual([])
})

test('a load that rests has nothing in flight and no connection open, and what arrives afterwards is not more than without', async () => {
  const server = createServer((_request, response) => void response.end())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const load = startLoad({ target: shopTarget((server.address() as AddressInfo).port), ratePerSecond: 100, mix: onlyKept, seed: 1, longestMs: 60_000 })
  const connections = (): Promise<number> => new Promise((resolve) => server.getConnections((_error, count) => resolve(count)))
  while (load.arrived() < 10) await pause(5)
  expect(await connections()).toBeGreaterThan(0)
  const [before, after] = await load.rest(async () => {
    const arrived = load.arrived()
    while ((await connections()) > 0) await pause(5)
    await pause(300)
    expect(load.take()).toHaveLength(arrived)
    return [arrived, load.arrived()] as const
  })
  expect(after).toBe(before)
  while (load.arrived() < before + 10) await pause(5)
  const { records, startedAt, endedAt } = await load.finish()
  server.closeAllConnections()
  server.close()
  expect(records.filter(({ failure }) => failure !== undefined)).toEqual([])
  // 100 a second, had it not rested for 300 ms of the time.
  expect(load.arrived()).toBeLessThanOrEqual((endedAt - startedAt - 300) / 10 + 1)
})
