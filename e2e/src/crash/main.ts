// The matrix, or as much of it as there is time for, and the page about it: npm run crash-matrix -- [--only TEXT] [--results FILE]
// With a file for results, cases that stand in it are not done again. SIGTERM ends it after the case that goes on.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { seededRandom } from '../load/seeded-random.ts'
import { titleOf, type CrashCase } from './crash-case.ts'
import { crashReport, faultsOf, lossOf } from './crash-report.ts'
import { createCrashWorld } from './crash-world.ts'
import { discoverCases, settle } from './discover-cases.ts'
import { runMatrix, type JudgedCase } from './run-matrix.ts'

const { values } = parseArgs({ options: { only: { type: 'string', default: '' }, results: { type: 'string' } } })
const page = fileURLToPath(new URL('../../../docs/crash-matrix.md', import.meta.url))

const stopped = new AbortController()
for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => stopped.abort())

const world = await createCrashWorld()
try {
  await settle(world)
  const all = await discoverCases(world)
  const done = new Set(earlier().map((one) => titleOf(one.case)))
  // In an order of its own, so that a run that was cut short has been everywhere.
  const cases = shuffled(all.filter((one) => titleOf(one).includes(values.only) && !done.has(titleOf(one))))
  console.log(`${cases.length} of ${all.length} cases`)
  const judged = await runMatrix(world, cases, (result) => console.log(`${titleOf(result.case)} → ${result.outcome} ${Math.round(result.to - result.from)} ms ${result.wrong.join('; ')}`), stopped.signal)
  report(judged, all)
} finally {
  for (const left of await world.leave()) console.error(`left behind: ${left}`)
}

function report(judged: readonly JudgedCase[], all: readonly CrashCase[]): void {
  const titles = all.map(titleOf)
  const results = [...earlier(), ...judged].toSorted((one, other) => titles.indexOf(titleOf(one.case)) - titles.indexOf(titleOf(other.case)))
  if (values.results !== undefined) writeFileSync(values.results, JSON.stringify(results))
  const about = `Last on ${new Date().toISOString().slice(0, 10)}, with Node ${process.version} on Linux ${release()}, ${cpus().length} cores.`
  writeFileSync(page, crashReport(results, { about, of: all.length }))
  for (const one of judged) {
    const loss = lossOf(one)
    if (loss > 0) console.log(`${titleOf(one.case)}: ${loss} requests lost within ${one.gapMs} ms`)
    for (const fault of faultsOf(one)) console.log(`✗ ${titleOf(one.case)}: ${fault}`)
  }
  process.exitCode = judged.every((one) => faultsOf(one).length === 0) ? 0 : 1
}

function shuffled<T>(items: readonly T[]): T[] {
  const random = seededRandom(5)
  return items.map((item) => ({ item, at: random() })).toSorted((one, other) => one.at - other.at).map(({ item }) => item)
}

function earlier(): JudgedCase[] {
  const { results } = values
  return results !== undefined && existsSync(results) ? (JSON.parse(readFileSync(results, 'utf8')) as JudgedCase[]) : []
}
