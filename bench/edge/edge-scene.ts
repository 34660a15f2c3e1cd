import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureEdge, stopEdge } from '../../packages/edge/src/control/edge-process.ts'
import { locateHaproxy } from '../../packages/edge/src/haproxy/locate-haproxy.ts'
import { createEdge } from '../../packages/edge/src/control/create-edge.ts'
import { freePorts, shopTraffic, signal } from '../../packages/edge/test/edge-world.ts'
import { floors } from './floors/floors.ts'
import { peers, type RunningPeer, startPeer } from './peers.ts'
import { startFiles } from './start-files.ts'

/** A proxy under load. */
export interface Contestant {
  readonly name: string
  readonly port: number
  /** What its children take counts too. */
  readonly pid: number
}

export interface EdgeScene {
  /** The edge first, then the edge over HAProxy, then the peers, and last what no proxy of this kind can go below. */
  readonly contestants: readonly Contestant[]
  leave(): Promise<void>
}

/** The proxies have this core, one process of one thread each; the load and what it asks for have the other one. */
const [proxyCore, loadCore] = ['0', '1']

const others = [...peers, ...floors]

/** Files of these sizes in an nginx of their own, the edge and its peers before it, each on one core. */
export async function createEdgeScene(settings: object): Promise<EdgeScene> {
  const home = await mkdtemp(join(tmpdir(), 'plimsoll-edge-bench-'))
  const [files = 0, entry = 0, overHaproxy = 0, ...ports] = await freePorts(3 + others.length)
  const stops: (() => Promise<unknown>)[] = [async () => rm(home, { recursive: true, force: true })]
  const pin = (pid: number, core: string): void => void execFileSync('taskset', ['-a', '-c', '-p', core, String(pid)])
  const leave = async (): Promise<void> => {
    for (const stop of stops.toReversed()) await stop()
  }
  try {
    const upstream = await startFiles(files, join(home, 'files'))
    stops.push(async () => upstream.stop())
    pin(upstream.pid, loadCore)
    const startEdge = async ({ own, port, haproxy }: { readonly own: string; readonly port: number; readonly haproxy?: string }): Promise<Contestant> => {
      await mkdir(join(own, 'edge'), { recursive: true })
      await writeFile(join(own, 'edge/settings.json'), JSON.stringify(settings))
      stops.push(async () => stopEdge({ home: own }, signal))
      const { controlSocket, health } = await ensureEdge({ home: own, haproxy }, signal)
      await createEdge({ controlSocket }).shift(shopTraffic({ release: 1, entry: port, upstreams: [files] }), signal)
      pinAll(health.pid, pin)
      return { name: haproxy === undefined ? 'edge' : 'edge over HAProxy', port, pid: health.pid }
    }
    const contestants = [await startEdge({ own: home, port: entry }), await startEdge({ own: join(home, 'over'), port: overHaproxy, haproxy: locateHaproxy(process.env['PATH']) })]
    for (const [index, peer] of others.entries()) {
      const port = ports[index] ?? 0
      const running: RunningPeer = await startPeer(peer, [{ port, upstream: { host: '127.0.0.1', port: files }, kind: 'usual' }], join(home, peer.name))
      stops.push(async () => running.stop())
      pinAll(running.pid, pin)
      contestants.push({ name: peer.name, port, pid: running.pid })
    }
    return { contestants, leave }
  } catch (error) {
    await leave()
    throw error
  }
}

function pinAll(pid: number, pin: (pid: number, core: string) => void): void {
  pin(pid, proxyCore)
  const children = execFileSync('cat', [`/proc/${pid}/task/${pid}/children`], { encoding: 'utf8' })
  for (const child of children.split(' ').filter(Boolean)) pin(Number(child), proxyCore)
}
