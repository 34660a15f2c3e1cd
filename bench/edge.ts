// Measures the edge beside nginx, HAProxy and Caddy in one run, one core each: node bench/edge.ts [--check] [--rounds N]
import { existsSync } from 'node:fs'
import { cpus, platform, release as kernel } from 'node:os'
import { measureAll } from './bar.ts'
import { edgeBars } from './edge/edge-bars.ts'
import { createEdgeScene } from './edge/edge-scene.ts'
import { measureLoads, renderLoads } from './edge/measure-loads.ts'
import { peers } from './edge/peers.ts'
import { renderBars } from './render-bars.ts'

const missing = [...peers.map(({ command }) => command), '/usr/bin/wrk'].filter((command) => !existsSync(command))
if (missing.length > 0) {
  console.log(`skipped: no ${missing.join(', no ')}`)
} else {
  const rounds = Number(process.argv[process.argv.indexOf('--rounds') + 1] ?? 0) || 3
  // The others write no access log in this run either.
  const scene = await createEdgeScene({ accessLog: { enabled: false } })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void scene.leave().finally(() => process.exit(130)))
  try {
    const progress = (line: string): void => void process.stderr.write(`${line}\n`)
    const loads = await measureLoads(scene.contestants, rounds, progress)
    const results = await measureAll(edgeBars, { loads, contestants: scene.contestants }, progress)
    console.log(`${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${platform()} ${kernel()}, Node ${process.versions.node}, ${rounds} rounds\n`)
    console.log(renderLoads(loads))
    console.log(renderBars(results))
    if (process.argv.includes('--check') && results.some(({ held }) => !held)) process.exitCode = 1
  } finally {
    await scene.leave()
  }
}
