import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { edgePaths } from '../src/edge-paths.ts'
import { createEdgeFleet, type EdgeFleet, type FleetOptions } from '../src/fleet/create-edge-fleet.ts'
import { edgeSecretNames, fleetSecrets } from '../src/fleet/fleet-keys.ts'
import { endHaproxies } from '../src/haproxy/haproxy-processes.ts'
import type { MemberAddress } from '../src/fleet/member-link.ts'
import { freePorts } from './edge-world.ts'

/** An edge that is a process of its own, as in a container, on a loopback address of its own. */
export interface FleetProcess {
  readonly host: string
  readonly address: MemberAddress
  readonly child: ChildProcess
  /** All that it has said. */
  said(): string
  /** Resolves when it has ended. */
  readonly ended: Promise<void>
}

export interface FleetProcesses {
  readonly home: string
  /** The control connections to an edge, which the test can cut and mend; users reach it all the same. */
  readonly cables: ReadonlyMap<string, Cable>
  readonly edges: Map<string, FleetProcess>
  fleet(options?: Partial<FleetOptions>): Promise<EdgeFleet>
  /** Where the edge of this name keeps its things, and its HAProxy's. */
  directoryOf(name: string): string
  /** Starts the edge of this name, with what it kept from before; returns when its control port is open. */
  start(name: string): Promise<FleetProcess>
  kill(name: string): Promise<void>
  close(): Promise<void>
}

/** For tests that wait for edges which are away: all bounds shorter, in the same order. */
export const quickBounds = { beatMs: 50, answerMs: 800, waitMs: 1_200, goneMs: 3_000 }

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

export async function fleetProcesses(names: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<FleetProcesses> {
  const home = await mkdtemp(join(tmpdir(), 'plimsoll-fleet-'))
  const { edge: { key, certificate, peer } } = await fleetSecrets(home)
  const secrets = join(home, 'secrets')
  await mkdir(secrets)
  for (const [name, text] of [[edgeSecretNames.key, key], [edgeSecretNames.certificate, certificate], [edgeSecretNames.peer, peer]] as const) await writeFile(join(secrets, name), text, { mode: 0o400 })
  const ports = await freePorts(names.length)
  const places = new Map(names.map((name, index) => [name, { host: `127.0.0.${index + 2}`, port: ports[index] ?? 0 }]))
  const cables = new Map(await Promise.all(names.map(async (name) => [name, await layCable(places.get(name) ?? { host: '', port: 0 })] as const)))
  const members = names.map((name) => ({ name, host: '127.0.0.1', port: cables.get(name)?.port ?? 0 }))
  const edges = new Map<string, FleetProcess>()
  const fleets: EdgeFleet[] = []
  const directoryOf = (name: string): string => edgePaths(join(home, name)).directory
  const world: FleetProcesses = {
    home,
    cables,
    edges,
    directoryOf,
    async fleet(more = {}) {
      const fleet = await createEdgeFleet({ home, members: async () => members, bounds: quickBounds, ...more })
      fleets.push(fleet)
      return fleet
    },
    async start(name) {
      const { host, port } = places.get(name) ?? { host: '', port: 0 }
      const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, '--ready-fd', '3'], {
        stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
        env: { PATH: process.env['PATH'], PLIMSOLL_EDGE_HOME: join(home, name), PLIMSOLL_EDGE_LISTEN: host, PLIMSOLL_EDGE_CONTROL: `${host}:${port}`, PLIMSOLL_EDGE_SECRETS: secrets, ...environment },
      })
      let said = ''
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes: Buffer) => (said += bytes.toString()))
      const ended = once(child, 'exit').then(() => undefined)
      const edge = { host, address: { name, host, port }, child, said: () => said, ended }
      edges.set(name, edge)
      const [word] = (await once(child.stdio[3] as Readable, 'data')) as [Buffer]
      if (word.toString() !== 'ready\n') throw new Error(`the edge did not start: ${word.toString()}`)
      return edge
    },
    async kill(name) {
      const edge = edges.get(name)
      edge?.child.kill('SIGKILL')
      await edge?.ended
      // With the first process of a container all others end.
      await endHaproxies(directoryOf(name))
    },
    async close() {
      await Promise.all(fleets.map(async (fleet) => fleet.close()))
      for (const name of edges.keys()) await world.kill(name)
      for (const cable of cables.values()) await cable.close()
      await rm(home, { recursive: true, force: true })
    },
  }
  await Promise.all(names.map(async (name) => world.start(name)))
  return world
}

/** Passes connections on to a place until it is cut; then nothing comes through, and nobody is told. */
export interface Cable {
  readonly port: number
  cut(): void
  mend(): void
  close(): Promise<void>
}

async function layCable(to: { readonly host: string; readonly port: number }): Promise<Cable> {
  const sockets = new Set<Socket>()
  let whole = true
  const server: Server = createServer((near) => {
    const far = connect(to)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => undefined).once('close', () => sockets.delete(socket))
      if (!whole) socket.pause()
    }
    near.once('close', () => whole && far.destroy())
    far.once('close', () => whole && near.destroy())
    near.on('data', (bytes: Buffer) => whole && far.write(bytes))
    far.on('data', (bytes: Buffer) => whole && near.write(bytes))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const drop = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    cut: () => void (whole = false),
    mend() {
      // What was sent meanwhile is lost, as it is when a cable is put back after its connections have timed out.
      drop()
      whole = true
    },
    async close() {
      drop()
      server.close()
      await once(server, 'close')
    },
  }
}
