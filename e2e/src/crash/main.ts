// The matrix, or as much of it as there is time for, and the page about it: npm run crash-matrix -- [--on PLACE] [--only TEXT[,TEXT]] [--results FILE] [--page FILE]
// With a file for results, cases that stand in it are not done again. SIGTERM ends it after the case that goes on. The page is that of the documentation unless another is named.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { seededRandom } from '../load/seeded-random.ts'
import { whyNoSmallDisk } from '../plimsoll/small-disk.ts'
import { isFirst, needsDisk, needsLiveRestore, titleOf, type CrashCase, type CrashResult } from './crash-case.ts'
import { casesAt, engineCases, firstCases, fullDiskCases } from './crash-cases.ts'
import { crashReport, faultsOf } from './crash-report.ts'
import { createCrashWorld, smallWorld, type CrashWorld, type CrashWorldOptions } from './crash-world.ts'
import { discoverCases, settle } from './discover-cases.ts'
import { openGround } from './grounds.ts'
import { runFirsts } from './run-firsts.ts'
import { runMatrix, type JudgedCase } from './run-matrix.ts'

const { values } = parseArgs({ options: { on: { type: 'string', default: 'process' }, only: { type: 'string', default: '' }, results: { type: 'string' }, page: { type: 'string' } } })
const { place, page, liveRestore, end } = await openGround(values.on)
const pageFile = values.page ?? fileURLToPath(new URL(`../../../docs/${page.file}`, import.meta.url))

const stopped = new AbortController()
for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => stopped.abort())

const noDisk = await whyNoSmallDisk(`/tmp/plimsoll-small-disk-${process.pid}`)
if (noDisk !== undefined) console.log(`full disk: ${noDisk}`)
const said = (result: CrashResult): void => console.log(`${titleOf(result.case)} → ${result.outcome} ${Math.round(result.to - result.from)} ms ${result.wrong.join('; ')}`)

const earlier = resultsIn(values.results)
const judged: JudgedCase[] = []
const spared = liveRestore === undefined ? [] : engineCases.filter(needsLiveRestore)
const [firsts, fullDisks] = [casesAt(place, firstCases), casesAt(place, fullDiskCases)]
let all: readonly CrashCase[] = []
await inWorld({ place }, async (world) => {
  all = [...(await discoverCases(world)), ...spared, ...firsts, ...fullDisks]
  console.log(`${wantedOf(all).length} of ${all.length} cases`)
  take(await runMatrix(world, wantedOf(all).filter((one) => !isFirst(one) && !needsDisk(one) && !needsLiveRestore(one)), said, stopped.signal))
})
take(await runFirsts(() => createCrashWorld({ place }), wantedOf(firsts), said, stopped.signal))
if (noDisk === undefined && wantedOf(fullDisks).length > 0 && !stopped.signal.aborted) {
  await inWorld({ ...smallWorld, place }, async (world) => take(await runMatrix(world, wantedOf(fullDisks), said, stopped.signal)))
}
if (liveRestore !== undefined && wantedOf(spared).length > 0 && !stopped.signal.aborted) {
  await inWorld({ place: await liveRestore() }, async (world) => take(await runMatrix(world, wantedOf(spared), said, stopped.signal)))
}
await end?.()

async function inWorld(options: CrashWorldOptions, work: (world: CrashWorld) => Promise<void>): Promise<void> {
  const world = await createCrashWorld(options)
  try {
    await settle(world)
    await work(world)
  } finally {
    for (const left of await world.leave()) console.error(`left behind: ${left}`)
  }
}

/** In an order of its own, so that a run that was cut short has been everywhere. */
function wantedOf(cases: readonly CrashCase[]): CrashCase[] {
  const done = new Set(earlier.map((one) => titleOf(one.case)))
  const isWanted = (title: string): boolean => values.only.split(',').some((text) => title.includes(text)) && !done.has(title)
  return shuffled(cases.filter((one) => isWanted(titleOf(one))))
}

/** Tells of `more`, and writes page and results anew: what is done is told, whatever becomes of the rest. */
function take(more: readonly JudgedCase[]): void {
  judged.push(...more)
  const titles = all.map(titleOf)
  const results = [...earlier, ...judged].toSorted((one, other) => titles.indexOf(titleOf(one.case)) - titles.indexOf(titleOf(other.case)))
  if (values.results !== undefined) writeFileSync(values.results, JSON.stringify(results))
  const about = `Last on ${new Date().toISOString().slice(0, 10)}, with Node ${process.version} on Linux ${release()}, ${cpus().length} cores.`
  writeFileSync(pageFile, crashReport(results, { about, of: all.length, page }))
  for (const one of more) {
    if (one.spilled > 0) console.log(`${titleOf(one.case)}: ${one.spilled} requests lost with it within ${one.gapMs} ms`)
    for (const fault of faultsOf(one)) console.log(`✗ ${titleOf(one.case)}: ${fault}`)
  }
  if (more.some((one) => faultsOf(one).length > 0)) process.exitCode = 1
}

function shuffled<T>(items: readonly T[]): T[] {
  const random = seededRandom(5)
  return items.map((item) => ({ item, at: random() })).toSorted((one, other) => one.at - other.at).map(({ item }) => item)
}

function resultsIn(file: string | undefined): JudgedCase[] {
  return file !== undefined && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as JudgedCase[]) : []
}
