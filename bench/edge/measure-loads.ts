import type { Contestant } from './edge-scene.ts'
import { cpuMicros, type Load, type Served, saturate } from './load.ts'
import { files } from './start-files.ts'

/** What one contestant did with one size: medians over the rounds. */
export interface Measure {
  readonly name: string
  readonly path: keyof typeof files
  readonly cpuMicrosPerRequest: number
  readonly requestsPerSecond: number
  /** At 70 % of its own saturation; at 100 B only. */
  readonly p99Ms: number
  readonly failed: number
}

const [connections, seconds, spacedConnections] = [64, 2, 128]

/** One after the other and round after round, so that what the machine does meanwhile meets them all. */
export async function measureLoads(contestants: readonly Contestant[], rounds: number, progress: (line: string) => void): Promise<Measure[]> {
  const paths = Object.keys(files) as (keyof typeof files)[]
  const tries: (Measure & { readonly round: number })[] = []
  // Node compiles what is hot while it runs, which takes a while on one core.
  for (const path of paths) for (const { port } of contestants) await saturate({ port, path, connections, seconds: path === '/100' ? 4 : 2 })
  for (let round = 1; round <= rounds; round += 1) {
    for (const path of paths) {
      for (const { name, port, pid } of contestants) {
        const load: Load = { port, path, connections: path === '/1m' ? 16 : connections, seconds }
        const full = await withCpu(pid, load)
        const spaced = path === '/100' ? await saturate({ ...load, connections: spacedConnections, ratePerSecond: 0.7 * full.requestsPerSecond }) : undefined
        tries.push({ round, name, path, cpuMicrosPerRequest: full.cpu, requestsPerSecond: full.requestsPerSecond, p99Ms: spaced?.p99Ms ?? 0, failed: full.failed + (spaced?.failed ?? 0) })
        progress(`round ${round} ${path} ${name}: ${full.cpu.toFixed(1)} µs, ${full.requestsPerSecond.toFixed(0)}/s${spaced === undefined ? '' : `, p99 ${spaced.p99Ms.toFixed(2)} ms at ${spaced.requestsPerSecond.toFixed(0)}/s`}`)
      }
    }
  }
  return paths.flatMap((path) => contestants.map(({ name }) => middleOf(tries.filter((each) => each.path === path && each.name === name))))
}

async function withCpu(pid: number, load: Load): Promise<Served & { readonly cpu: number }> {
  const before = await cpuMicros(pid)
  const served = await saturate(load)
  return { ...served, cpu: ((await cpuMicros(pid)) - before) / served.requests }
}

function middleOf(tries: readonly Measure[]): Measure {
  const [first] = tries
  if (first === undefined) throw new Error('nothing was measured')
  const middle = (of: (each: Measure) => number): number => tries.map(of).toSorted((a, b) => a - b)[Math.floor(tries.length / 2)] ?? 0
  return {
    name: first.name,
    path: first.path,
    cpuMicrosPerRequest: middle((each) => each.cpuMicrosPerRequest),
    requestsPerSecond: middle((each) => each.requestsPerSecond),
    p99Ms: middle((each) => each.p99Ms),
    failed: tries.reduce((sum, each) => sum + each.failed, 0),
  }
}

export function measureOf(loads: readonly Measure[], name: string, path: keyof typeof files): Measure {
  const found = loads.find((each) => each.name === name && each.path === path)
  if (found === undefined) throw new Error(`${name} was not measured at ${path}`)
  return found
}

export function renderLoads(loads: readonly Measure[]): string {
  const row = ({ name, path, cpuMicrosPerRequest, requestsPerSecond, p99Ms, failed }: Measure): string => {
    const ratio = cpuMicrosPerRequest / measureOf(loads, 'nginx', path).cpuMicrosPerRequest
    return `| ${path} | ${name} | ${cpuMicrosPerRequest.toFixed(1)} | ${ratio.toFixed(2)} | ${requestsPerSecond.toFixed(0)} | ${p99Ms === 0 ? '' : p99Ms.toFixed(2)} | ${failed} |`
  }
  return `| asked for | proxy | CPU µs a request | of nginx | requests/s | p99 ms at 70 % | failed |\n|---|---|---|---|---|---|---|\n${loads.map(row).join('\n')}\n`
}
