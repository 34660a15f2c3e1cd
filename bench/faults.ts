// Breaks the storefront in many ways and asks plimsoll verify about each: npm run bench:faults -- [--only TEXT[,TEXT]] [--results FILE] [--check]
// With a file for results, faults that stand in it are not tried again. SIGTERM ends it after the fault that is being tried.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import storefront from '../examples/storefront/plimsoll.config.ts'
import { createStorefrontRepo } from '../e2e/src/plimsoll/fixture-repo.ts'
import { createPlimsollHome } from '../e2e/src/plimsoll/plimsoll-home.ts'
import { faults } from './faults/catalogue.ts'
import { faultPage } from './faults/fault-page.ts'
import { tryFault, verifyHealthy, type FaultScene, type Tried } from './faults/try-fault.ts'

/** As the storefront's own configuration says it. */
const { signIn } = storefront

const { values } = parseArgs({ options: { only: { type: 'string', default: '' }, results: { type: 'string' }, check: { type: 'boolean', default: false } } })
const page = fileURLToPath(new URL('../docs/faults.md', import.meta.url))
const isWanted = (id: string): boolean => values.only.split(',').some((text) => id.includes(text))
const tried: Tried[] = values.results !== undefined && existsSync(values.results) ? (JSON.parse(readFileSync(values.results, 'utf8')) as Tried[]) : []
const earlier = tried.length
const stopped = new AbortController()
for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => stopped.abort())

const plimsoll = await createPlimsollHome()
try {
  const repo = await createStorefrontRepo(`${plimsoll.home}/repos/storefront`)
  // What is tried are the built-in checks: the storefront's own suites would catch many of them too.
  await repo.write('plimsoll.config.ts', `export default { suites: [], signIn: ${JSON.stringify(signIn)} }\n`)
  await repo.git('add', '-A')
  await repo.git('commit', '-q', '-m', 'Ask the built-in checks only')
  const up = await plimsoll.run(['up', '--json'], { cwd: repo.directory })
  if (up.code !== 0) throw new Error(`the healthy storefront does not get up: ${up.err}${up.out.slice(-2000)}`)
  const first = await verifyHealthy({ plimsoll, repo })
  const alarms = [...first.alarms]
  const scene: FaultScene = { plimsoll, repo, healthy: await repo.git('rev-parse', 'HEAD'), usual: first.usual }
  for (const alarm of alarms) console.log(`false alarm: ${alarm}`)
  for (const fault of faults.filter(({ id }) => isWanted(id) && !tried.some((each) => each.id === id))) {
    if (stopped.signal.aborted) break
    const result = await tryFault(scene, fault)
    tried.push(result)
    console.log(`${fault.id} → ${result.is} (${result.failed.join(', ') || 'nothing failed'}), ${result.seconds} s`)
    if (values.results !== undefined) writeFileSync(values.results, JSON.stringify(tried))
  }
  alarms.push(...(await verifyHealthy(scene)).alarms)
  writeFileSync(page, faultPage({ faults, tried, alarms, inRounds: earlier > 0 }))
  console.log(`${tried.filter(({ is }) => is === 'caught').length} of ${tried.length} caught, ${alarms.length} false alarms`)
  if (values.check && (alarms.length > 0 || tried.some(({ is }) => is !== 'caught'))) process.exitCode = 1
} finally {
  for (const left of await plimsoll.leave()) console.error(`left running: ${left}`)
}
