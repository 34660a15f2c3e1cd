import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Address } from '@plimsoll/model'
import { createEdgeFleet, type EdgeFleet, type FleetOptions } from '../src/fleet/create-edge-fleet.ts'
import { fleetSecrets } from '../src/fleet/fleet-keys.ts'
import type { MemberAddress } from '../src/fleet/member-link.ts'
import { type EdgeOptions, type RunningEdge, startEdge } from '../src/start-edge.ts'
import { freePort } from './edge-world.ts'

/** Several edges in this process, each on a loopback address of its own, and a controller's home. */
export interface FleetWorld {
  readonly home: string
  readonly members: MemberAddress[]
  /** By the name of their member. */
  readonly running: Map<string, RunningEdge>
  /** Another controller of the same edges, with this home unless another is given. */
  fleet(options?: Partial<FleetOptions>): Promise<EdgeFleet>
  /** Starts the edge of this name, with what it kept from before. */
  start(name: string): Promise<void>
  stop(name: string): Promise<void>
  close(): Promise<void>
}

/** `resolver` is where each of them looks names up. */
export async function fleetWorld(names: readonly string[], { resolver, ...options }: Partial<EdgeOptions> & { readonly resolver?: Address } = {}): Promise<FleetWorld> {
  const home = await mkdtemp(join(tmpdir(), 'plimsoll-fleet-'))
  const { edge: keys } = await fleetSecrets(home)
  const members = await Promise.all(names.map(async (name, index) => ({ name, host: `127.0.0.${index + 2}`, port: await freePort() })))
  const running = new Map<string, RunningEdge>()
  const fleets: EdgeFleet[] = []
  const world: FleetWorld = {
    home,
    members,
    running,
    async fleet(more = {}) {
      const fleet = await createEdgeFleet({ home, members: async () => members, bounds: { beatMs: 50 }, ...more })
      fleets.push(fleet)
      return fleet
    },
    async start(name) {
      const { host, port } = members.find((member) => member.name === name) ?? { host: '127.0.0.1', port: 0 }
      running.set(name, await startEdge({ home: join(home, name), hosts: [host], stopGraceMs: 0, fleet: { host, port, keys, resolver }, ...options }))
    },
    async stop(name) {
      await running.get(name)?.close()
      running.delete(name)
    },
    async close() {
      await Promise.all(fleets.map(async (fleet) => fleet.close()))
      await Promise.all([...running.values()].map(async (edge) => edge.close()))
      await rm(home, { recursive: true, force: true })
    },
  }
  await Promise.all(names.map(async (name) => world.start(name)))
  return world
}
