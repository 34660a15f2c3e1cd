// The whole matrix, or a part of it, and the page about it: npm run crash-matrix -- [--part 1/4] [--only TEXT] [--results FILE]
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { titleOf } from './crash-case.ts'
import { crashReport, faultsOf, lossOf } from './crash-report.ts'
import { createCrashWorld } from './crash-world.ts'
import { discoverCases, settle } from './discover-cases.ts'
import { runMatrix, type JudgedCase } from './run-matrix.ts'

const { values } = parseArgs({ options: { part: { type: 'string', default: '1/1' }, only: { type: 'string', default: '' }, results: { type: 'string' } } })
const [part = 1, parts = 1] = values.part.split('/').map(Number)
const page = fileURLToPath(new URL('../../../docs/crash-matrix.md', import.meta.url))

const stopped = new AbortController()
for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stopped.abort())

const world = await createCrashWorld()
try {
  await settle(world)
  const all = (await discoverCases(world)).filter((one) => titleOf(one).includes(values.only))
  const cases = all.filter((_, at) => Math.floor((at * parts) / all.length) === part - 1)
  console.log(`${cases.length} of ${all.length} cases`)
  const judged = await runMatrix(world, cases, (result) => console.log(`${titleOf(result.case)} → ${result.outcome} ${Math.round(result.to - result.from)} ms ${result.wrong.join('; ')}`), stopped.signal)
  report(judged)
} finally {
  for (const left of await world.leave()) console.error(`left behind: ${left}`)
}

function report(judged: readonly JudgedCase[]): void {
  const results = [...earlier(), ...judged]
  if (values.results !== undefined) writeFileSync(values.results, JSON.stringify(results))
  const about = `Last on ${new Date().toISOString().slice(0, 10)}, with Node ${process.version} on Linux ${release()}, ${cpus().length} cores.`
  writeFileSync(page, crashReport(results, about))
  for (const one of judged) {
    const loss = lossOf(one)
    if (loss.requests > 0) console.log(`${titleOf(one.case)}: ${loss.requests} requests lost over ${loss.overMs} ms`)
    for (const fault of faultsOf(one)) console.log(`✗ ${titleOf(one.case)}: ${fault}`)
  }
  process.exitCode = judged.every((one) => faultsOf(one).length === 0) ? 0 : 1
}

function earlier(): JudgedCase[] {
  const { results } = values
  return results !== undefined && existsSync(results) ? (JSON.parse(readFileSync(results, 'utf8')) as JudgedCase[]) : []
}
