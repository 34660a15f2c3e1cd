// Builds the storefront's images by Plimsoll's Dockerfiles and by others, and compares: node bench/images.ts [--check] [--short]; the latter leaves out the ways that no bar is about
import { cpus, platform, release as kernel } from 'node:os'
import type { BarResult } from './bar.ts'
import { judge } from './images/judge.ts'
import { createImageScene } from './images/image-scene.ts'
import { measureWay, type WayMeasured } from './images/measure-way.ts'
import { deployed, oneStage, turboGuide, written, writtenWithoutMounts } from './images/ways.ts'
import { renderBars, renderTable } from './render-bars.ts'

const scene = await createImageScene()
const hurry = (): void => void scene.leave().finally(() => process.exit(130))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, hurry)
const measured: WayMeasured[] = []
let results: readonly BarResult[] = []
try {
  const others = process.argv.includes('--short') ? [] : [writtenWithoutMounts, oneStage, deployed]
  for (const way of [written, turboGuide, ...others]) {
    for (const service of ['web', 'api'] as const) {
      process.stderr.write(`${way.name}: ${service} …\n`)
      const one = await measureWay(scene, way, service)
      measured.push(one)
      process.stderr.write(`  ${rowOf(one).slice(2).join(' · ')}\n`)
    }
  }
  results = judge(measured)
} finally {
  await scene.leave()
}
console.log(`${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${platform()} ${kernel()}, Node ${process.versions.node}\n`)
console.log(renderTable([
  ['way', 'service', 'cold, s', 'one line, s', 'nothing changed, s', 'image, MB', 'adds to its base, MB', 'packages', 'boot, s'],
  ...measured.map(rowOf),
]))
console.log(`\n${renderBars(results)}`)
if (process.argv.includes('--check') && results.some(({ held }) => !held)) process.exitCode = 1

function rowOf({ way, service, cold, warm, again, bootMs, packages }: WayMeasured): string[] {
  const seconds = (ms: number | undefined) => (ms === undefined ? '' : (ms / 1000).toFixed(1))
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1)
  return [way.name, service, seconds(cold.tookMs), seconds(warm.tookMs), seconds(again.tookMs), megabytes(warm.sizeBytes), megabytes(warm.addsBytes), String(packages), seconds(bootMs)]
}
