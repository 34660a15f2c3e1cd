// How long a verification of the storefront takes from cached builds, and what is left of one that was killed: npm run bench:verify -- [--check] [--rounds N]
import { readdir, rm, writeFile } from 'node:fs/promises'
import { cpus, platform, release as kernel } from 'node:os'
import { readEndpoint } from '../packages/client/src/client.ts'
import { verificationEventSchema, type AskedCheck } from '../packages/model/src/model.ts'
import { createStorefrontRepo } from '../e2e/src/plimsoll/fixture-repo.ts'
import { createPlimsollHome, type PlimsollHome } from '../e2e/src/plimsoll/plimsoll-home.ts'
import { measureAll, type Bar } from './bar.ts'
import { renderBars } from './render-bars.ts'

interface Scene {
  readonly plimsoll: PlimsollHome
  readonly directory: string
  readonly rounds: number
}

const asked = process.argv.indexOf('--rounds')
const rounds = asked === -1 ? 3 : Number(process.argv[asked + 1])

const up: Bar<Scene> = {
  what: 'a copy is up: databases cloned, all services healthy', bar: '≤ 4 s',
  async measure(scene) {
    const times = (await verifications(scene)).map((checks) => took(checks, ({ id }) => ['database.migrate-empty', 'boot.start'].includes(id)))
    return within(times, 4)
  },
}

const withoutBrowser: Bar<Scene> = {
  what: 'built-in checks, without browser and load', bar: '≤ 20 s',
  async measure(scene) {
    const left = ['web.browser', 'web.requests', 'web.console', 'web.hydration', 'web.titles', 'web.accessibility', 'load.requests']
    const times = (await verifications(scene, left)).map((checks) => took(checks, ({ id }) => !left.includes(id)))
    return within(times, 20)
  },
}

const all: Bar<Scene> = {
  what: 'built-in checks, with both', bar: '≤ 60 s',
  measure: async (scene) => within((await verifications(scene)).map((checks) => took(checks, () => true)), 60),
}

const swept: Bar<Scene> = {
  what: 'units and logs of copies after a SIGKILL in the middle, and the next start', bar: '0',
  async measure({ plimsoll, directory }) {
    const running = plimsoll.start(['verify', '--json'], { cwd: directory })
    await running.printed(/"asked".*"boot.start"/)
    process.kill((await readEndpoint(plimsoll.home)).pid, 'SIGKILL')
    await running.ended
    await plimsoll.run(['up', '--json'], { cwd: directory })
    const left = (await Promise.all(['units', 'logs'].map(async (kind) => readdir(`${plimsoll.home}/${kind}`)))).flat().filter((name) => name.startsWith('plimsoll-v-'))
    return { measured: String(left.length), held: left.length === 0 }
  },
}

/** Each round's checks. */
async function verifications({ plimsoll, directory, rounds: times }: Scene, left: readonly string[] = []): Promise<readonly (readonly AskedCheck[])[]> {
  const config = `${directory}/plimsoll.config.ts`
  // Of the built-in checks alone: the repository's own suites are as long as they are.
  await writeFile(config, `export default { suites: [], checks: { skip: ${JSON.stringify(left.map((check) => ({ check, reason: 'a bench' })))} } }\n`)
  const all: AskedCheck[][] = []
  for (let round = 0; round < times; round += 1) {
    const { out } = await plimsoll.run(['verify', '--json'], { cwd: directory })
    const events = out.split('\n').filter((line) => line.startsWith('{')).flatMap((line): AskedCheck[] => {
      const { data: event } = verificationEventSchema.safeParse(JSON.parse(line))
      return event?.event === 'asked' ? [event.data] : []
    })
    all.push(events)
  }
  await rm(config)
  return all
}

/** From the first of these checks to the end of the last, in seconds. */
function took(checks: readonly AskedCheck[], counts: (check: AskedCheck) => boolean): number {
  const own = checks.filter(counts).map(({ startedAt, tookMs }) => ({ from: Date.parse(startedAt), to: Date.parse(startedAt) + tookMs }))
  return (Math.max(...own.map(({ to }) => to)) - Math.min(...own.map(({ from }) => from))) / 1000
}

function within(times: readonly number[], limit: number): { readonly measured: string; readonly held: boolean } {
  const sorted = times.toSorted((one, other) => one - other)
  const middle = sorted[Math.floor(sorted.length / 2)] ?? Number.POSITIVE_INFINITY
  return { measured: `${middle.toFixed(1)} s (${sorted.map((each) => each.toFixed(1)).join(', ')})`, held: middle <= limit }
}

const plimsoll = await createPlimsollHome()
try {
  const { directory } = await createStorefrontRepo(`${plimsoll.home}/repos/storefront`)
  const first = await plimsoll.run(['up', '--json'], { cwd: directory })
  if (first.code !== 0) throw new Error(`the storefront does not get up: ${first.err}`)
  const results = await measureAll([up, withoutBrowser, all, swept], { plimsoll, directory, rounds }, (line) => process.stderr.write(`${line}\n`))
  console.log(`${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${platform()} ${kernel()}, Node ${process.versions.node}\n`)
  console.log(renderBars(results))
  if (process.argv.includes('--check') && results.some(({ held }) => !held)) process.exitCode = 1
} finally {
  for (const left of await plimsoll.leave()) console.error(`left running: ${left}`)
}
