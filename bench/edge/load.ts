import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface Load {
  readonly port: number
  readonly path: string
  readonly connections: number
  readonly seconds: number
  /** About how many requests a second, spread over the connections at random; as many as it takes when left out. */
  readonly ratePerSecond?: number
}

export interface Served {
  readonly requests: number
  readonly requestsPerSecond: number
  readonly p99Ms: number
  readonly failed: number
}

/** As many requests as `wrk` gets answered, on the core of the load. */
export async function saturate({ port, path, connections, seconds, ratePerSecond }: Load): Promise<Served> {
  const pace = ratePerSecond === undefined ? [] : ['-s', fileURLToPath(new URL('spaced.lua', import.meta.url))]
  const env = { ...process.env, PAUSE_MS: String(ratePerSecond === undefined ? 0 : (connections / ratePerSecond) * 1_000) }
  const { stdout } = await run('taskset', ['-c', '1', 'wrk', '-t', '1', '-c', String(connections), '-d', `${seconds}s`, '--latency', ...pace, `http://127.0.0.1:${port}${path}`], { env })
  const number = (pattern: RegExp): number => Number(pattern.exec(stdout)?.[1] ?? 0)
  const [, p99 = '0', unit = 'ms'] = /99%\s+([\d.]+)(us|ms|s)/.exec(stdout) ?? []
  const failed = [...stdout.matchAll(/(?:connect|read|write|timeout) (\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0) + number(/Non-2xx or 3xx responses: (\d+)/)
  return {
    requests: number(/(\d+) requests in/),
    requestsPerSecond: number(/Requests\/sec:\s+([\d.]+)/),
    p99Ms: Number(p99) * ({ us: 0.001, ms: 1, s: 1_000 }[unit] ?? 1),
    failed,
  }
}

/** The kernel's clock ticks a second, in which /proc counts CPU time. */
const ticks = 100

/** CPU time of a process and of its children that it has now, in microseconds. */
export async function cpuMicros(pid: number): Promise<number> {
  const own = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ').at(-1)?.split(' ') ?? []
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  const theirs = await Promise.all(children.split(' ').filter(Boolean).map(async (child) => cpuMicros(Number(child))))
  return ((Number(own[11]) + Number(own[12])) / ticks) * 1_000_000 + theirs.reduce((sum, each) => sum + each, 0)
}

/** Memory that it alone holds and its share of what it holds with others, with its children, in megabytes. */
export async function memoryMb(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8')
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  const theirs = await Promise.all(children.split(' ').filter(Boolean).map(async (child) => memoryMb(Number(child))))
  return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) / 1_024 + theirs.reduce((sum, each) => sum + each, 0)
}
