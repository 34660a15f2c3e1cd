// Measures what the death and the replacement of the edge cost its clients: node bench/edge-life.ts [--check]
import { cpus, platform, release as kernel } from 'node:os'
import { measureAll, type Bar } from './bar.ts'
import { createEdgeLifeScene, type EdgeLifeScene } from './edge-life/edge-life-scene.ts'
import { heirMemory } from './edge-life/heir-memory.ts'
import { killedEdge } from './edge-life/killed-edge.ts'
import { killedHeir } from './edge-life/killed-heir.ts'
import { replacedEdge } from './edge-life/replaced-edge.ts'
import { renderBars } from './render-bars.ts'

const bars: readonly Bar<EdgeLifeScene>[] = [heirMemory, killedEdge, killedHeir, replacedEdge]

const scene = await createEdgeLifeScene()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void scene.leave().finally(() => process.exit(130)))
}
try {
  const results = await measureAll(bars, scene, (line) => process.stderr.write(`${line}\n`))
  console.log(`${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${platform()} ${kernel()}, Node ${process.versions.node}\n`)
  console.log(renderBars(results))
  if (process.argv.includes('--check') && results.some(({ held }) => !held)) process.exitCode = 1
} finally {
  for (const command of await scene.leave()) {
    console.error(`left running: ${command}`)
    process.exitCode = 1
  }
}
