// Releases and releases under load, every second time with a fault: npm run soak -- [--on PLACE] [--releases 300] [--seed N] [--check] [--json]
// Ctrl-C ends it with a report of what was done; --check exits with 1 when a bar is missed.
import { parseArgs } from 'node:util'
import { discoverCases, settle } from '../crash/discover-cases.ts'
import { openGround } from '../crash/grounds.ts'
import { drawPlan } from './draw-plan.ts'
import { createSoakWorld, runSoak } from './run-soak.ts'
import { createSoakScreen } from './soak-screen.ts'
import { summarize } from './soak-summary.ts'

const { values } = parseArgs({
  options: { on: { type: 'string', default: 'process' }, releases: { type: 'string', default: '300' }, seed: { type: 'string', default: String(Date.now() % 1_000_000) }, check: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
})
const releases = wholeNumber('--releases', values.releases)
const seed = wholeNumber('--seed', values.seed)

const { place, end } = await openGround(values.on)

const stopped = new AbortController()
for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => stopped.abort())

const screen = createSoakScreen(process.stdout, { json: values.json, releases })
screen.say(`${releases} releases, drawn with --seed ${seed}, on ${place.name}`)
const world = await createSoakWorld(place)
const left: string[] = []
try {
  await settle(world)
  const plan = drawPlan({ seed, releases, cases: stopped.signal.aborted ? [] : await discoverCases(world) })
  const results = await runSoak(world, plan, screen, stopped.signal)
  const { text, missed } = summarize(results, releases)
  screen.say(`\n${text}\n`)
  for (const bar of missed) screen.say(`✗ ${bar}`)
  if (missed.length === 0) screen.say('✓ Nothing was lost, each outcome was told as it was, nothing was left behind and nothing grew.')
  if (values.check && missed.length > 0) process.exitCode = 1
} catch (error) {
  // Ctrl-C in the middle of the preparations: nothing was released that could be told of.
  if (!stopped.signal.aborted) throw error
  screen.say(`✗ it was cut short after 0 of ${releases} releases: ${String(error)}`)
  if (values.check) process.exitCode = 1
} finally {
  left.push(...(await world.leave()))
  for (const command of left) screen.say(`✗ left behind at the end: ${command}`)
  if (values.check && left.length > 0) process.exitCode = 1
  await end?.()
}

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text) && (name !== '--releases' || Number(text) > 0)) return Number(text)
  console.error(`${name} is a whole number, and was "${text}"`)
  process.exit(2)
}
