import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { Agent, createServer, request as httpRequest, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEdge } from '../src/control/create-edge.ts'
import { ensureEdge, stopEdge } from '../src/control/edge-process.ts'
import { freePort, shopTraffic, signal } from '../test/edge-world.ts'

/** The kernel's clock ticks a second, in which /proc counts CPU time. */
const ticks = 100

export interface Throughput {
  readonly requestsPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** CPU time of the edge process alone; unlike the rest it does not depend on what else the machine does. */
  readonly edgeCpuMicrosPerRequest: number
}

/** Short GETs over `connections` kept-alive connections through an edge process, for `durationMs`. Upstream and load share this process. */
export async function measureThroughput({ connections, durationMs }: { connections: number; durationMs: number }): Promise<Throughput> {
  const home = await mkdtemp(join(tmpdir(), 'plimsoll-edge-bench-'))
  const upstream = createServer({ keepAliveTimeout: 65_000 }, (_request, response) => response.end('x'.repeat(100)))
  upstream.listen(0, '127.0.0.1')
  await once(upstream, 'listening')
  const entry = await freePort()
  const { controlSocket, health } = await ensureEdge({ home }, signal)
  try {
    await createEdge({ controlSocket }).shift(shopTraffic({ release: 1, entry, upstreams: [(upstream.address() as AddressInfo).port] }), signal)
    await load(entry, { connections, durationMs: 500 })
    const before = await cpuMicros(health.pid)
    const times = await load(entry, { connections, durationMs })
    const spent = (await cpuMicros(health.pid)) - before
    times.sort((a, b) => a - b)
    const at = (share: number): number => Number((times[Math.floor(times.length * share)] ?? 0).toFixed(2))
    return {
      requestsPerSecond: Math.round((times.length / durationMs) * 1000),
      p50Ms: at(0.5),
      p99Ms: at(0.99),
      edgeCpuMicrosPerRequest: Math.round(spent / times.length),
    }
  } finally {
    await stopEdge({ home }, signal)
    upstream.close()
    upstream.closeAllConnections()
    await rm(home, { recursive: true, force: true })
  }
}

/** Milliseconds of each answered request. */
async function load(port: number, { connections, durationMs }: { connections: number; durationMs: number }): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const until = performance.now() + durationMs
  const times: number[] = []
  const one = async (): Promise<void> => {
    while (performance.now() < until) {
      const startedAt = performance.now()
      const request = httpRequest({ host: '127.0.0.1', port, agent }).end()
      const [response] = (await once(request, 'response')) as [IncomingMessage]
      await once(response.resume(), 'end')
      times.push(performance.now() - startedAt)
    }
  }
  await Promise.all(Array.from({ length: connections }, one))
  agent.destroy()
  return times
}

async function cpuMicros(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
  return ((Number(fields[11]) + Number(fields[12])) / ticks) * 1_000_000
}

if (import.meta.main) console.table(await measureThroughput({ connections: 16, durationMs: 4_000 }))
