// Measures what the death and the replacement of the edge cost its clients: node bench/edge-life.ts [--check]
import { cpus, platform, release as kernel } from 'node:os'
import { locateHaproxy } from '../packages/edge/src/edge.ts'
import { whyNoHaproxy } from '../packages/edge/src/contract/why-no-haproxy.ts'
import { measureAll, type Bar, type BarResult } from './bar.ts'
import { createEdgeLifeScene, type EdgeLifeScene } from './edge-life/edge-life-scene.ts'
import { heirMemory } from './edge-life/heir-memory.ts'
import { killedEdge } from './edge-life/killed-edge.ts'
import { killedEdgeBehindHaproxy, killedHaproxy } from './edge-life/killed-haproxy.ts'
import { killedHeir } from './edge-life/killed-heir.ts'
import { replacedEdge } from './edge-life/replaced-edge.ts'
import { renderBars } from './render-bars.ts'

const acts: readonly { readonly haproxy?: string; readonly bars: readonly Bar<EdgeLifeScene>[] }[] = [
  { bars: [heirMemory, killedEdge, killedHeir, replacedEdge] },
  ...(whyNoHaproxy(process.env) === undefined ? [{ haproxy: locateHaproxy(process.env['PATH']), bars: [killedHaproxy, killedEdgeBehindHaproxy, replacedEdge] }] : []),
]

const results: BarResult[] = []
for (const { haproxy, bars } of acts) {
  const scene = await createEdgeLifeScene(haproxy)
  const hurry = (): void => void scene.leave().finally(() => process.exit(130))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, hurry)
  try {
    const measured = await measureAll(bars, scene, (line) => process.stderr.write(`${line}\n`))
    results.push(...measured.map((each) => (haproxy === undefined ? each : { ...each, what: `with HAProxy: ${each.what}` })))
  } finally {
    for (const command of await scene.leave()) {
      console.error(`left running: ${command}`)
      process.exitCode = 1
    }
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, hurry)
  }
}
console.log(`${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${platform()} ${kernel()}, Node ${process.versions.node}\n`)
console.log(renderBars(results))
if (process.argv.includes('--check') && results.some(({ held }) => !held)) process.exitCode = 1
