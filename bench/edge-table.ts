// Swaps the traffic of an edge that serves many services, and looks at its memory: node bench/edge-table.ts [--check] [--swaps N]
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Traffic, trafficSchema } from '../packages/model/src/model.ts'
import { createEdge } from '../packages/edge/src/control/create-edge.ts'
import { ensureEdge, stopEdge } from '../packages/edge/src/control/edge-process.ts'
import { freePorts, signal } from '../packages/edge/test/edge-world.ts'
import { memoryMb } from './edge/load.ts'

const [apps, servicesPerApp] = [100, 10]
const asked = process.argv.indexOf('--swaps')
const swaps = asked === -1 ? 10_000 : Number(process.argv[asked + 1])

/** The heap has found its size by then, and what is remembered of old releases is all there. */
const settled = Math.floor(swaps / 5)

/** What the heap goes up and down by while it collects. */
const mostMb = 15

const home = await mkdtemp(join(tmpdir(), 'plimsoll-edge-table-'))
const ports = await freePorts(apps * servicesPerApp)
const { controlSocket, health } = await ensureEdge({ home }, signal)
try {
  const edge = createEdge({ controlSocket })
  const times: number[] = []
  let before = 0
  for (let swap = 0; swap < apps + swaps; swap += 1) {
    const began = performance.now()
    await edge.shift(trafficOf(swap % apps, 1 + Math.floor(swap / apps)), signal)
    times.push(performance.now() - began)
    if (swap === apps + settled) before = await memoryMb(health.pid)
    if (swap % 1_000 === 0) process.stderr.write(`${swap} swaps, ${(await memoryMb(health.pid)).toFixed(0)} MB\n`)
  }
  const after = await memoryMb(health.pid)
  times.sort((a, b) => a - b)
  const at = (share: number): string => (times[Math.floor(times.length * share)] ?? 0).toFixed(1)
  const held = after - before <= mostMb
  console.log(`${apps * servicesPerApp} services of ${apps} apps, ${swaps} swaps: ${before.toFixed(0)} MB after ${settled}, ${after.toFixed(0)} MB after all; a swap took ${at(0.5)} ms, at worst ${at(0.9999)} ms`)
  console.log(`BARS: ${held ? 1 : 0} held, ${held ? 0 : 1} missed (grows by at most ${mostMb} MB)`)
  if (process.argv.includes('--check') && !held) process.exitCode = 1
} finally {
  await stopEdge({ home }, signal)
  await rm(home, { recursive: true, force: true })
}

function trafficOf(app: number, release: number): Traffic {
  const services = Array.from({ length: servicesPerApp }, (_, index) => ({ name: `s${index}`, port: ports[app * servicesPerApp + index] ?? 0 }))
  const part = (number: number) => ({
    release: number,
    targets: Object.fromEntries(services.map(({ name }) => [name, { kind: 'instances', unit: `app-${app}-${name}-r${number}`, addresses: [{ host: '127.0.0.1', port: 10_000 + (number % 10_000) }] }])),
    deploymentIds: Object.fromEntries(services.map(({ name }) => [name, `dpl-${app}-${number}`])),
  })
  return trafficSchema.parse({
    app: `app-${app}`, fence: release,
    entries: Object.fromEntries(services.map(({ name, port }) => [name, { port, hosts: [`${name}.app-${app}.localhost`] }])),
    live: part(release), previous: release > 1 ? [part(release - 1)] : [],
  })
}
