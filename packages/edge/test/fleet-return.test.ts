import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Traffic } from '@plimsoll/model'
import { whyNoHaproxy } from '../src/contract/why-no-haproxy.ts'
import type { EdgeFleet } from '../src/fleet/create-edge-fleet.ts'
import { locateHaproxy } from '../src/haproxy/locate-haproxy.ts'
import { edgeWorld, type EdgeWorld, freePort, shopTraffic, signal } from './edge-world.ts'
import { type FleetProcesses, fleetProcesses } from './fleet-processes.ts'
import { silentListener, type SilentListener } from './silent-listener.ts'

vi.setConfig({ testTimeout: 30_000 })
let world: FleetProcesses
let upstreams: EdgeWorld
let fleet: EdgeFleet
let entry: number
let ports: readonly number[]
/** The engine of the edge's own machine, which it reaches whatever becomes of the network, and that of another one. */
let own: Server
let other: SilentListener

/** Starts two edges, which listen themselves or have a HAProxy do it. */
async function begin(kind: string): Promise<void> {
  upstreams = await edgeWorld()
  entry = await freePort()
  ports = await Promise.all([1, 2].map(async (release) => (await upstreams.upstream((_request, response) => response.end(String(release)))).port))
  own = createServer((socket) => socket.on('error', () => undefined).end()).listen(0, '127.0.0.1')
  await once(own, 'listening')
  other = await silentListener()
  world = await fleetProcesses(['one', 'two'], kind === 'haproxy' ? { PLIMSOLL_EDGE_HAPROXY: locateHaproxy(process.env['PATH']) } : {})
  const address = own.address()
  const machines = [typeof address === 'object' && address !== null ? address.port : 0, other.port].map((port) => ({ host: '127.0.0.1', port, addresses: [], hasEdge: true }))
  fleet = await world.fleet({ machines: async () => machines })
  await fleet.shift(to(1), signal)
}
afterEach(async () => {
  await world.close()
  await other.end()
  own.close()
  await upstreams.close()
})

const to = (release: number): Traffic => shopTraffic({ release, entry, upstreams: [ports[release - 1] ?? 0] })
const ask = async (): Promise<string> => (await fetch(`http://${world.edges.get('two')?.host}:${entry}/`, { headers: { connection: 'close' } })).text()

/** Neither its controller nor another machine reaches the second edge; it has noticed as soon as it looks around before it answers. */
async function cutOff(): Promise<void> {
  // It has to have seen the other machine before it can miss it.
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  world.cables.get('two')?.cut()
  await other.fallSilent()
  for (let slow = 0; slow < 5;) {
    const began = performance.now()
    expect(await ask()).toBe('1')
    slow = performance.now() - began > 150 ? slow + 1 : 0
  }
}

const missing = whyNoHaproxy(process.env)
if (missing !== undefined) test.skip(missing, () => undefined)

describe.each(missing === undefined ? ['own', 'haproxy'] : ['own'])('of several edges (%s)', (kind) => {
  beforeEach(async () => begin(kind))

  test('an edge that was cut off from all others answers nobody by what it served before, once it is back, but waits for what holds now', async () => {
    await cutOff()
    expect(await fleet.shift(to(2), signal)).toEqual({ away: ['two'] })
    expect(await ask()).toBe('1')
    await other.speakAgain()
    const answers = Promise.all(Array.from({ length: 5 }, async () => ask()))
    world.cables.get('two')?.mend()
    expect(await answers).toEqual(['2', '2', '2', '2', '2'])
  })

  test('an edge that is back and finds no controller serves as before, after a moment', async () => {
    await cutOff()
    await fleet.close()
    await other.speakAgain()
    const began = performance.now()
    expect(await ask()).toBe('1')
    // It may have noticed a moment before it was asked.
    expect(performance.now() - began).toBeGreaterThan(1_000)
    expect(await ask()).toBe('1')
  })
})
