import { once } from 'node:events'
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http'
import { createServer } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { trafficSchema, type Traffic } from '@plimsoll/model'
import type { EdgeFleet } from '../src/fleet/create-edge-fleet.ts'
import type { Machine } from '../src/proxy/machines.ts'
import { freePort, shopTraffic, signal } from './edge-world.ts'
import { fleetWorld, type FleetWorld } from './fleet-world.ts'

vi.setConfig({ testTimeout: 30_000 })
// Each machine is an address of its own: an instance at one port of it, and an engine at another.
const hosts = ['127.0.0.41', '127.0.0.42'] as const
let closings: (() => Promise<void>)[]
let entry: number
let instancePort: number
let enginePort: number

beforeEach(async () => {
  closings = []
  entry = await freePort()
  instancePort = await freePort()
  enginePort = await freePort()
})
afterEach(async () => {
  for (const close of closings.toReversed()) await close()
})

async function worldWith(machines: readonly Machine[], resolver?: number): Promise<{ world: FleetWorld; fleet: EdgeFleet }> {
  const world = await fleetWorld(['one', 'two'], resolver === undefined ? {} : { resolver: { host: '127.0.0.1', port: resolver } })
  closings.push(() => world.close())
  return { world, fleet: await world.fleet({ machines: async () => machines }) }
}
async function instance(host: string, listener: RequestListener = (_request, response) => response.end(host)): Promise<void> {
  const server = createHttpServer(listener).listen(instancePort, host)
  await once(server, 'listening')
  closings.push(() => closed(server))
}
/** Takes connections until it is called. */
async function engine(host: string, port = enginePort): Promise<() => Promise<void>> {
  const server = createServer((socket) => socket.on('error', () => undefined).end()).listen(port, host)
  await once(server, 'listening')
  const stop = async (): Promise<void> => new Promise((resolve) => void server.close(() => resolve()))
  closings.push(stop)
  return stop
}
async function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}
const machine = (host: string, hasEdge = false): Machine => ({ host, port: enginePort, addresses: [host], hasEdge })
function traffic(): Traffic {
  const plain = shopTraffic({ release: 1, entry, upstreams: [instancePort] })
  const web = { ...plain.live.targets['web'], addresses: hosts.map((host) => ({ host, port: instancePort })), check: { everyMs: 100 } }
  return trafficSchema.parse({ ...plain, live: { ...plain.live, targets: { web } } })
}
const ask = async (world: FleetWorld, init: RequestInit = {}): Promise<string> => (await fetch(`http://${world.members[0]?.host}:${entry}/`, { ...init, headers: { connection: 'close' } })).text()
const askedIn = async (world: FleetWorld): Promise<Set<string>> => new Set(await Promise.all(Array.from({ length: 8 }, async () => ask(world))))
async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve))
}
/** An edge has looked at every engine a few times: nothing tells that it would go on as it did. */
async function afterSomeLooks(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 2_500))
}

test('an instance whose engine has ended gets no request, though it answers, until the engine is back', async () => {
  const { world, fleet } = await worldWith(hosts.map((host) => machine(host)))
  for (const host of hosts) await instance(host)
  const [stop] = [await engine(hosts[0]), await engine(hosts[1])]
  await fleet.shift(traffic(), signal)
  await afterSomeLooks()
  expect(await askedIn(world)).toEqual(new Set(hosts))
  await stop()
  await until(async () => (await askedIn(world)).size === 1)
  expect(await askedIn(world)).toEqual(new Set([hosts[1]]))
  await engine(hosts[0])
  await until(async () => (await askedIn(world)).size === 2)
})

test('when all engines have ended all instances are asked, and an engine that never answered counts for nothing', async () => {
  const { world, fleet } = await worldWith(hosts.map((host) => machine(host)))
  for (const host of hosts) await instance(host)
  const stop = await engine(hosts[0])
  await fleet.shift(traffic(), signal)
  await afterSomeLooks()
  expect(await askedIn(world), 'the second one may be behind a firewall').toEqual(new Set(hosts))
  await stop()
  await until(async () => (await askedIn(world)).size === 1)
  const stopSecond = await engine(hosts[1])
  await afterSomeLooks()
  await stopSecond()
  await until(async () => (await askedIn(world)).size === 2)
})

test('a read without an answer is asked again, twice at most, when a machine is lost, and a write is not', async () => {
  const { world, fleet } = await worldWith([machine('127.0.0.43')])
  const seen: string[] = []
  // Each waits, as for a service that ran on that machine.
  for (const host of hosts) await instance(host, (request, response) => {
    seen.push(request.method ?? '')
    if (request.method === 'GET' && seen.filter((method) => method === 'GET').length > 2) response.end('answered')
  })
  const stop = await engine('127.0.0.43')
  await fleet.shift(traffic(), signal)
  const over = new AbortController()
  const write = ask(world, { method: 'POST', body: 'x', signal: over.signal }).catch(() => 'over')
  const read = ask(world)
  await afterSomeLooks()
  expect(seen.toSorted()).toEqual(['GET', 'POST'])
  await stop()
  expect(await read).toBe('answered')
  expect(seen.toSorted()).toEqual(['GET', 'GET', 'GET', 'POST'])
  over.abort()
  expect(await write).toBe('over')
})

test('an edge that can look no names up is away, serves on where it is the only one, and ends when another one is there', async () => {
  const resolver = await freePort()
  const stopResolver = await engine('127.0.0.1', resolver)
  const machines = [machine(hosts[0], true)]
  const { world, fleet } = await worldWith(machines, resolver)
  for (const host of hosts) await instance(host)
  await fleet.shift(traffic(), signal)
  await afterSomeLooks()
  expect(fleet.standingOf().map(({ is }) => is)).toEqual(['current', 'current'])
  await stopResolver()
  await until(() => fleet.standingOf().every(({ is }) => is === 'away'))
  expect(hosts).toContain(await ask(world))
  await engine(hosts[0])
  await Promise.all([...world.running.values()].map(({ closed: ended }) => ended))
})
