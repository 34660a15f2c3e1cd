// Asks a Plimsoll with 50 apps, 10,000 releases and a million journal rows: node bench/scale.ts [--check]
import { cpus, loadavg, platform, release as kernel } from 'node:os'
import { countScans, forgetScans } from '../packages/store/test/count-scans.ts'
import { measureAll, type Bar } from './bar.ts'
import { renderBars, renderTable } from './render-bars.ts'
import { quantile, type Times } from './scale/ask-often.ts'
import { listTimes, type RouteTimes } from './scale/lists.ts'
import { pageTimes, type PageTimes } from './scale/pages.ts'
import { atRest } from './scale/rest.ts'
import { createScaleScene, type ScaleScene } from './scale/scale-scene.ts'
import { manyWatchers } from './scale/watchers.ts'

const rows = (times: readonly (readonly [string, Times])[]): string[][] => times.map(([name, each]) => [name, ...[0.5, 0.95].map((share) => quantile(each, share).toFixed(1))])
let lists: readonly RouteTimes[] = []
let pages: readonly PageTimes[] = []
let used: readonly (readonly [string, number])[] = []

const listsInTime: Bar<ScaleScene> = {
  what: 'every route that lists something, two askers, 60 times after the first 20: p95 of the slowest', bar: '≤ 50 ms',
  async measure(scene) {
    lists = await listTimes(scene)
    const slowest = lists.toSorted((one, other) => quantile(other.times, 0.95) - quantile(one.times, 0.95))[0]
    const p95 = quantile(slowest?.times ?? [], 0.95)
    return { measured: `${p95.toFixed(1)} ms (${slowest?.route})`, held: p95 <= 50 }
  },
}

const overviewInTime: Bar<ScaleScene> = {
  what: 'the overview of 50 apps, to its first byte: p95', bar: '≤ 200 ms',
  async measure(scene) {
    pages = await pageTimes(scene)
    const p95 = quantile(pages[0]?.times ?? [], 0.95)
    return { measured: `${p95.toFixed(0)} ms`, held: p95 <= 200 }
  },
}

/** Last, for the API has to end before the server tells what it was asked. */
const byIndex: Bar<ScaleScene> = {
  what: 'tables that grow with each release and were read from first row to last by all of this', bar: 'none',
  async measure({ connection, endApi }) {
    await endApi()
    const scans = await countScans(connection)
    used = Object.entries(scans.byIndex).filter(([, count]) => count > 0).toSorted(([, one], [, other]) => other - one)
    const whole = Object.entries(scans.whole).filter(([table, count]) => count > 0 && ['releases', 'journal', 'verifications', 'audit_log'].includes(table))
    return { measured: whole.length === 0 ? 'none' : whole.map(([table, count]) => `${table} ${count} times`).join(', '), held: whole.length === 0 }
  },
}

const scene = await createScaleScene()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void scene.leave().finally(() => process.exit(130)))
try {
  await forgetScans(scene.connection)
  const results = await measureAll([listsInTime, overviewInTime, manyWatchers, atRest, byIndex], scene, (line) => process.stderr.write(`${line}\n`))
  console.log(`${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${platform()} ${kernel()}, Node ${process.versions.node}; load average ${loadavg().map((load) => load.toFixed(1)).join(', ')}; all of the state was written in ${scene.filledInSeconds.toFixed(0)} s\n`)
  console.log(`${renderTable([['asked of the API', 'p50, ms', 'p95, ms', 'p95 of the first 20, ms'], ...rows(lists.map(({ route, times }) => [route, times])).map((row, at) => [...row, quantile(lists[at]?.first ?? [], 0.95).toFixed(1)])])}\n`)
  console.log(`${renderTable([['page of the console', 'p50, ms', 'p95, ms'], ...rows(pages.map(({ page, times }) => [page, times]))])}\n`)
  console.log(`${renderTable([['index', 'used'], ...used.map(([index, count]) => [index, String(count)])])}\n`)
  console.log(renderBars(results))
  if (process.argv.includes('--check') && results.some(({ held }) => !held)) process.exitCode = 1
} finally {
  const left = await scene.leave()
  for (const command of left) console.error(`left running: ${command}`)
  if (left.length > 0) process.exitCode = 1
}
