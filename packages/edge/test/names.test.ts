import { Agent, createServer, get, type IncomingMessage } from 'node:http'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { trafficSchema, type Traffic } from '@plimsoll/model'
import { createNames } from '../src/proxy/names.ts'
import { freePort, shopTraffic, signal } from './edge-world.ts'
import { fleetWorld, type FleetWorld } from './fleet-world.ts'
import { nameServer, type NameServer } from './name-server.ts'

const hosts = ['127.0.0.51', '127.0.0.52'] as const
const name = 'web-r1.shop.internal'
let names: NameServer
let closings: (() => Promise<void>)[]

beforeEach(async () => {
  names = await nameServer()
  closings = [() => names.close()]
  sick.clear()
})
afterEach(async () => {
  for (const close of closings.toReversed()) await close()
})

test('a host is found at once while many others are looked up that nobody answers for', async () => {
  const { addressesOf } = createNames({ host: '127.0.0.1', port: names.port })
  names.hosts.set(name, hosts)
  const lost = Array.from({ length: 8 }, async (_, index) => addressesOf(`${index}.lost.internal`))
  expect((await Promise.race([addressesOf(name), Promise.any(lost)])).toSorted()).toEqual(hosts)
  expect(await Promise.all(lost)).toEqual(lost.map(() => []))
})

test('what a name stands for is asked anew each time, however long its answer may be kept', async () => {
  const { addressesOf } = createNames({ host: '127.0.0.1', port: names.port })
  names.hosts.set(name, hosts)
  expect(await addressesOf(name)).toHaveLength(2)
  names.hosts.set(name, [hosts[1]])
  expect(await addressesOf(name)).toEqual([hosts[1]])
})

test('several who ask for the same at once are one question', async () => {
  const { addressesOf } = createNames({ host: '127.0.0.1', port: names.port })
  expect(await Promise.all([addressesOf('lost.internal'), addressesOf('lost.internal'), addressesOf('lost.internal')])).toEqual([[], [], []])
  // It is asked twice, because an answer may be lost.
  expect(names.passedOn).toEqual(['lost.internal', 'lost.internal'])
})

interface Shop {
  readonly world: FleetWorld
  readonly entry: number
  /** Connections to the instance at this host that are open. */
  readonly open: (host: string) => number
  readonly ask: () => Promise<string>
}

/** Where each of them says at `/sick` whether it is well. */
const sick = new Set<string>()

async function shop(): Promise<Shop> {
  const [instancePort, entry] = [await freePort(), await freePort()]
  const sockets = new Map<string, Set<Socket>>(hosts.map((host) => [host, new Set()]))
  for (const host of hosts) {
    const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => void (response.statusCode = request.url === '/sick' && sick.has(host) ? 503 : 200, response.end(host))).listen(instancePort, host)
    // Those of checks are closed after each.
    server.on('request', ({ socket, headers }) => {
      if (headers['user-agent'] === 'plimsoll-edge' || sockets.get(host)?.has(socket) === true) return
      sockets.get(host)?.add(socket)
      socket.once('close', () => sockets.get(host)?.delete(socket))
    })
    await once(server, 'listening')
    closings.push(async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    })
  }
  const world = await fleetWorld(['one'], { resolver: { host: '127.0.0.1', port: names.port } })
  closings.push(() => world.close())
  await (await world.fleet()).shift(traffic(entry, instancePort), signal)
  const agent = new Agent({ keepAlive: true })
  closings.push(async () => agent.destroy())
  return {
    world, entry, open: (host) => sockets.get(host)?.size ?? 0,
    ask: async () => text(await new Promise<IncomingMessage>((resolve, reject) => get({ host: world.members[0]?.host, port: entry, agent }, resolve).once('error', reject))),
  }
}

/** The instances have names of their own, too, which nobody looks up. */
function traffic(entry: number, port: number): Traffic {
  const plain = shopTraffic({ release: 1, entry, upstreams: [port] })
  const web = { ...plain.live.targets['web'], addresses: hosts.map((_, index) => ({ host: `${index + 1}.${name}`, port })), check: { everyMs: 100, path: '/sick', name } }
  return trafficSchema.parse({ ...plain, live: { ...plain.live, targets: { web } } })
}
const askedIn = async ({ ask }: Shop): Promise<Set<string>> => new Set(await Promise.all(Array.from({ length: 8 }, async () => ask())))
async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve))
}

test('an instance that has left its name gets no request any more though it answers, and no connection to it stays open', async () => {
  names.hosts.set(name, hosts)
  const asked = await shop()
  await until(async () => (await askedIn(asked)).size === 2)
  expect(asked.open(hosts[0])).toBeGreaterThan(0)
  names.hosts.set(name, [hosts[1]])
  const leftAt = performance.now()
  await until(async () => (await askedIn(asked)).size === 1)
  await until(() => asked.open(hosts[0]) === 0)
  expect(performance.now() - leftAt, 'sooner than one that is idle is closed, and than a cluster tells it to end').toBeLessThan(1_500)
  expect(await askedIn(asked)).toEqual(new Set([hosts[1]]))
  names.hosts.set(name, hosts)
  await until(async () => (await askedIn(asked)).size === 2)
})

test('when a name stands for nobody any more those that it stood for last are asked', async () => {
  names.hosts.set(name, hosts)
  const asked = await shop()
  await until(async () => (await askedIn(asked)).size === 2)
  names.hosts.delete(name)
  await until(() => names.passedOn.length > 4)
  expect(await askedIn(asked)).toEqual(new Set(hosts))
})

test('an instance that is unwell is left out as soon as ever while names cannot be looked up', async () => {
  names.hosts.set(name, hosts)
  const asked = await shop()
  await until(async () => (await askedIn(asked)).size === 2)
  names.hosts.delete(name)
  await until(() => names.passedOn.length > 0)
  const since = performance.now()
  sick.add(hosts[0])
  await until(async () => (await askedIn(asked)).size === 1)
  expect(performance.now() - since, 'a lookup takes a second and a half').toBeLessThan(1_000)
})
