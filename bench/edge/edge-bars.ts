import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Bar, Measured } from '../bar.ts'
import type { Contestant } from './edge-scene.ts'
import { memoryMb } from './load.ts'
import { type Measure, measureOf } from './measure-loads.ts'
import type { files } from './start-files.ts'

export interface Measures {
  readonly loads: readonly Measure[]
  readonly contestants: readonly Contestant[]
}

function cpuBar(path: keyof typeof files, peer: string, most: number): Bar<Measures> {
  return {
    what: `CPU a request at ${path.slice(1)}, of ${peer}'s`,
    bar: `≤ ${most}`,
    async measure({ loads }) {
      const ratio = measureOf(loads, 'edge', path).cpuMicrosPerRequest / measureOf(loads, peer, path).cpuMicrosPerRequest
      return { measured: ratio.toFixed(2), held: ratio <= most }
    },
  }
}

const tail: Bar<Measures> = {
  what: 'p99 at 70 % of saturation, 100 B, of nginx\'s',
  bar: '≤ 2',
  async measure({ loads }) {
    const [edge, nginx] = [measureOf(loads, 'edge', '/100').p99Ms, measureOf(loads, 'nginx', '/100').p99Ms]
    return { measured: `${(edge / nginx).toFixed(2)} (${edge.toFixed(2)} / ${nginx.toFixed(2)} ms)`, held: edge <= 2 * nginx }
  },
}

const idleConnections = 4_000

const idle: Bar<Measures> = {
  what: `memory of ${idleConnections} idle connections, each after a request`,
  bar: '≤ 60 MB',
  async measure({ contestants }): Promise<Measured> {
    const grown: string[] = []
    let held = false
    for (const { name, port, pid } of contestants) {
      const before = await memoryMb(pid)
      const sockets = await openIdle(port)
      const total = await memoryMb(pid)
      const more = total - before
      for (const socket of sockets) socket.destroy()
      grown.push(`${name} ${more.toFixed(0)} (${total.toFixed(0)} in all)`)
      if (name === 'edge') held = more <= 60
    }
    return { measured: `MB more: ${grown.join(', ')}`, held }
  },
}

async function openIdle(port: number): Promise<Socket[]> {
  const sockets: Socket[] = []
  for (let count = 0; count < idleConnections; count += 1) {
    const socket = connect(port, '127.0.0.1')
    sockets.push(socket)
    socket.write('GET /100 HTTP/1.1\r\nHost: bench\r\n\r\n')
    await once(socket, 'data')
  }
  return sockets
}

export const edgeBars: readonly Bar<Measures>[] = [
  cpuBar('/100', 'nginx', 1.5), cpuBar('/16k', 'nginx', 1.5), cpuBar('/1m', 'nginx', 0.8),
  cpuBar('/100', 'Caddy', 0.5), cpuBar('/16k', 'Caddy', 0.5), tail, idle,
]
