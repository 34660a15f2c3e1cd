// Measures the bars of a release on a fresh clone of this repository, in an empty home: node bench/release.ts [--check] [--only WORD]
import { cpus, platform, release as kernel } from 'node:os'
import { measureAll, type Bar } from './bar.ts'
import { renderBars } from './render-bars.ts'
import { artifactSizes } from './release/artifact-sizes.ts'
import { coldStart, warmStart } from './release/start-times.ts'
import { createReleaseScene, type ReleaseScene } from './release/release-scene.ts'
import { memoryAtRest } from './release/memory-at-rest.ts'
import { nothingNew, oneLineChanges } from './release/release-times.ts'
import { ownPart } from './release/own-part.ts'
import { rollbackSwitch } from './release/rollback-switch.ts'
import { rollbackTime } from './release/rollback-time.ts'
import { switchesUnderLoad } from './release/switches-under-load.ts'

/** In this order: the first two start what all others use. */
const bars: readonly Bar<ReleaseScene>[] = [
  coldStart, warmStart, oneLineChanges, nothingNew, ownPart, rollbackTime, rollbackSwitch, artifactSizes, switchesUnderLoad, memoryAtRest,
]

const wanted = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : undefined
const chosen = bars.filter((bar, at) => wanted === undefined || at === 0 || bar.what.includes(wanted))
const scene = await createReleaseScene()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void scene.leave().finally(() => process.exit(130)))
}
try {
  const results = await measureAll(chosen, scene, (line) => process.stderr.write(`${line}\n`))
  console.log(`${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${platform()} ${kernel()}, Node ${process.versions.node}, commit ${scene.commit.slice(0, 12)}\n`)
  console.log(renderBars(results))
  if (process.argv.includes('--check') && results.some(({ held }) => !held)) process.exitCode = 1
} finally {
  const left = await scene.leave()
  for (const command of left) console.error(`left running: ${command}`)
  if (left.length > 0) process.exitCode = 1
}
