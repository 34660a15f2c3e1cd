import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http'
import { createServer, type AddressInfo, type Server as NetServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Edge } from '@plimsoll/engine'
import { type Traffic, trafficSchema } from '@plimsoll/model'
import { createEdge } from '../src/control/create-edge.ts'
import { type EdgeOptions, type RunningEdge, startEdge } from '../src/start-edge.ts'

export const signal = new AbortController().signal

/** A home, an edge in this process, and whatever was opened for it; `close` leaves nothing behind. */
export interface EdgeWorld {
  readonly home: string
  readonly edge: Edge
  running: RunningEdge
  /** A port that nobody listens on. */
  freePort(): Promise<number>
  /** An upstream that is closed with the world. */
  upstream(listener: RequestListener): Promise<Upstream>
  rawUpstream(server: NetServer): Promise<number>
  /** Closes the edge and starts another one on the same home. */
  restart(): Promise<void>
  close(): Promise<void>
}

export interface Upstream {
  readonly port: number
  readonly server: Server
  stop(): Promise<void>
}

export async function edgeWorld(options: Partial<EdgeOptions> = {}): Promise<EdgeWorld> {
  const home = await mkdtemp(join(tmpdir(), 'plimsoll-edge-'))
  const start = async (): Promise<RunningEdge> => startEdge({ home, stopGraceMs: 0, ...options })
  const running = await start()
  const stops: (() => Promise<void>)[] = []
  const world: EdgeWorld = {
    home,
    running,
    edge: createEdge(running),
    freePort,
    async upstream(listener) {
      const server = createHttpServer({ keepAliveTimeout: 65_000, maxHeaderSize: 64 * 1024 }, listener)
      server.maxHeadersCount = 0
      const port = await listen(server)
      const stop = async (): Promise<void> => closeServer(server)
      stops.push(stop)
      return { port, server, stop }
    },
    async rawUpstream(server) {
      // Some of them are cut on purpose; that is no failure of the test.
      server.on('connection', (socket) => socket.on('error', () => undefined))
      const port = await listen(server)
      stops.push(async () => closeServer(server))
      return port
    },
    async restart() {
      await world.running.close()
      world.running = await start()
    },
    async close() {
      await world.running.close()
      for (const stop of stops) await stop()
      await rm(home, { recursive: true, force: true })
    },
  }
  return world
}

/** Waits until `count` has begun to grow and then stood still for a while: nothing tells that nothing more will come. */
export async function settled(count: () => number): Promise<void> {
  for (let [last, still] = [0, 0]; still < 5; ) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    still = count() > 0 && count() === last ? still + 1 : 0
    last = count()
  }
}

export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1)
  return port
}

/** Ports that nobody listens on, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  const ports = await Promise.all(servers.map(listen))
  await Promise.all(servers.map(closeServer))
  return ports
}

async function listen(server: NetServer): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function closeServer(server: NetServer | Server): Promise<void> {
  if (!server.listening) return
  const closed = once(server, 'close')
  server.close()
  if ('closeAllConnections' in server) server.closeAllConnections()
  await closed
}

export interface TrafficSketch {
  readonly release: number
  /** Where the service `web` listens; live's upstream ports. */
  readonly entry: number
  readonly upstreams: readonly number[]
  readonly fence?: number
  readonly hosts?: readonly string[]
  readonly deploymentId?: string
  readonly previous?: readonly { release: number; upstreams: readonly number[]; deploymentId?: string }[]
  readonly canary?: { release: number; upstreams: readonly number[]; deploymentId?: string; share: number }
}

/** The traffic of an app `shop` with one service `web`. */
export function shopTraffic(sketch: TrafficSketch): Traffic {
  const release = ({ release: number, upstreams, deploymentId }: Pick<TrafficSketch, 'release' | 'upstreams' | 'deploymentId'>) => ({
    release: number,
    targets: { web: { kind: 'instances', unit: `shop-web-r${number}`, addresses: upstreams.map((port) => ({ host: '127.0.0.1', port })) } },
    deploymentIds: deploymentId === undefined ? {} : { web: deploymentId },
  })
  return trafficSchema.parse({
    app: 'shop',
    fence: sketch.fence ?? 1,
    entries: { web: { port: sketch.entry, hosts: sketch.hosts ?? [] } },
    live: release(sketch),
    previous: (sketch.previous ?? []).map(release),
    ...(sketch.canary !== undefined && { canary: { release: release(sketch.canary), share: sketch.canary.share } }),
  })
}
