import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Traffic } from '@plimsoll/model'
import { whyNoHaproxy } from '../src/contract/why-no-haproxy.ts'
import type { EdgeFleet } from '../src/fleet/create-edge-fleet.ts'
import { HaproxyLanes } from '../src/haproxy/haproxy-lanes.ts'
import { findHaproxy, type FoundHaproxy } from '../src/haproxy/haproxy-processes.ts'
import { locateHaproxy } from '../src/haproxy/locate-haproxy.ts'
import { edgeWorld, type EdgeWorld, freePort, shopTraffic, signal } from './edge-world.ts'
import { type FleetProcesses, fleetProcesses } from './fleet-processes.ts'

vi.setConfig({ testTimeout: 30_000 })
const missing = whyNoHaproxy(process.env)

describe.skipIf(missing !== undefined)(missing ?? 'an edge of several behind HAProxy', () => {
  let world: FleetProcesses
  let upstreams: EdgeWorld
  let fleet: EdgeFleet
  let entry: number
  let ports: readonly number[]

  beforeEach(async () => {
    upstreams = await edgeWorld()
    entry = await freePort()
    ports = await Promise.all([1, 2].map(async (release) => (await upstreams.upstream((_request, response) => response.end(String(release)))).port))
    world = await fleetProcesses(['one', 'two'], { PLIMSOLL_EDGE_HAPROXY: locateHaproxy(process.env['PATH']) })
    fleet = await world.fleet()
    await fleet.shift(to(1), signal)
    await answersItself()
  })
  afterEach(async () => {
    await world.close()
    await upstreams.close()
  })

  const to = (release: number): Traffic => shopTraffic({ release, entry, upstreams: [ports[release - 1] ?? 0] })
  const ask = async (): Promise<string> => (await fetch(`http://${world.edges.get('two')?.host}:${entry}/`, { headers: { connection: 'close' } })).text()

  async function haproxy(): Promise<FoundHaproxy> {
    const found = await findHaproxy(world.directoryOf('two'))
    if (found === undefined) throw new Error('there is no HAProxy')
    return found
  }

  /** Asks until HAProxy has answered without the edge. */
  async function answersItself(): Promise<string> {
    const lanes = new HaproxyLanes(await haproxy(), world.directoryOf('two'))
    for (;;) {
      const before = await lanes.answered()
      const answer = await ask()
      if ((await lanes.answered()) > before) return answer
    }
  }

  test('is sure of its table for as long as its controller is there, and for as long as it is not: HAProxy answers without it', async () => {
    expect(await answersItself()).toBe('1')
    await fleet.close()
    // Longer than HAProxy goes on without being told.
    await delay(2_500)
    const lanes = new HaproxyLanes(await haproxy(), world.directoryOf('two'))
    const before = await lanes.answered()
    expect([await ask(), await ask(), await ask()]).toEqual(['1', '1', '1'])
    // It counts an answer a moment after it was given.
    while ((await lanes.answered()) < before + 3) await delay(10)
  })

  test.each(['while HAProxy went on', 'and HAProxy with it'])('answers by the current table what came to it while it stood still, %s', async (how) => {
    const edge = world.edges.get('two')?.child.pid ?? 0
    const { pid } = await haproxy()
    const stopped = how === 'and HAProxy with it' ? [pid, edge] : [edge]
    for (const each of stopped) process.kill(each, 'SIGSTOP')
    // A controller waits for so long before it switches without an edge.
    await delay(3_000)
    expect(await fleet.shift(to(2), signal)).toEqual({ away: ['two'] })
    const answers = Promise.all(Array.from({ length: 5 }, async () => ask()))
    await delay(200)
    for (const each of stopped) process.kill(each, 'SIGCONT')
    expect(await answers).toEqual(['2', '2', '2', '2', '2'])
    expect(await answersItself()).toBe('2')
  })
})
