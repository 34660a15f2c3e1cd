// Switches several edges at once, under load through each of them: node bench/edge-fleet.ts [--check] [--edges N] [--switches N]
import { performance } from 'node:perf_hooks'
import { edgeWorld, freePort, shopTraffic, signal } from '../packages/edge/test/edge-world.ts'
import { fleetProcesses } from '../packages/edge/test/fleet-processes.ts'
import { steadyLoad } from '../packages/edge/test/steady-load.ts'

const numberOf = (option: string, usual: number): number => {
  const at = process.argv.indexOf(option)
  return at === -1 ? usual : Number(process.argv[at + 1])
}
const [edges, switches] = [numberOf('--edges', 3), numberOf('--switches', 100)]
/** Of issue and promise: all edges have acknowledged a switch by then. */
const mostMs = 250

const upstreams = await edgeWorld()
const names = Array.from({ length: edges }, (_, index) => `edge-${index + 1}`)
const world = await fleetProcesses(names)
try {
  // The usual bounds: none of them may come into it while every edge is there.
  const fleet = await world.fleet({ bounds: {} })
  const entry = await freePort()
  const ports = await Promise.all(['even', 'odd'].map(async (text) => (await upstreams.upstream((_request, response) => response.end(text))).port))
  const trafficOf = (release: number) => shopTraffic({ release, entry, upstreams: [ports[release % 2] ?? 0] })
  await fleet.shift(trafficOf(1), signal)
  const loads = [...world.edges.values()].map(({ host }) => steadyLoad(entry, { host, fresh: 1, kept: 2 }))
  const times: number[] = []
  for (let release = 2; release < switches + 2; release += 1) {
    const began = performance.now()
    const { away } = await fleet.shift(trafficOf(release), signal)
    times.push(performance.now() - began)
    if (away.length > 0) throw new Error(`away: ${away.join(', ')}`)
  }
  const seen = (await Promise.all(loads.map(async (load) => load.finish()))).flat()
  const failed = seen.filter(({ failure }) => failure !== undefined)
  times.sort((a, b) => a - b)
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
  const bars = [at(1) <= mostMs, failed.length === 0]
  console.log(`${edges} edges, ${switches} switches, ${seen.length} requests meanwhile: all had acknowledged after ${at(0.5).toFixed(0)} ms (half), ${at(0.95).toFixed(0)} ms (95 %), ${at(1).toFixed(0)} ms (all); ${failed.length} requests failed`)
  const held = bars.filter(Boolean).length
  console.log(`BARS: ${held} held, ${bars.length - held} missed (every switch within ${mostMs} ms; no request lost)`)
  if (process.argv.includes('--check') && held < bars.length) process.exitCode = 1
} finally {
  await world.close()
  await upstreams.close()
}
