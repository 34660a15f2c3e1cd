import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { blocks, contract, verificationEventSchema, type Verification } from '@plimsoll/model'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createStorefrontRepo, type FixtureRepo } from '../src/plimsoll/fixture-repo.ts'
import { createPlimsollHome, type CommandEnd, type PlimsollHome } from '../src/plimsoll/plimsoll-home.ts'

/** Each has tests of its own, and these are not about them. */
const leftOut = ['web.browser', 'web.requests', 'web.console', 'web.hydration', 'web.titles', 'web.accessibility', 'load.requests', 'release.switch', 'shutdown.graceful', 'environment.required', 'health.honest', 'services.cut', 'boot.time']
const junit = { report: { format: 'junit' }, only: ['--test-name-pattern', '{names}'], limitMs: 180_000 }
const config = `export default { suites: [${JSON.stringify({ name: 'api', command: 'node tests/run.mjs api', needs: { services: ['api'] }, ...junit })}], coverage: false, checks: { skip: ${JSON.stringify(leftOut.map((check) => ({ check, reason: 'not what this is about' })))} } }\n`
const app = { params: { app: 'storefront' } }

let plimsoll: PlimsollHome
let repo: FixtureRepo
let apiUrl: string

beforeAll(async () => {
  plimsoll = await createPlimsollHome({ PLIMSOLL_SKIP_VERIFY: '' })
  repo = await createStorefrontRepo(`${plimsoll.home}/repos/storefront`)
  await repo.write('plimsoll.config.ts', config)
  await repo.change('tested by one suite')
  const end = await plimsoll.run(['up', '--json'], { cwd: repo.directory })
  expect(end.code, end.out.slice(-3000) + end.err).toBe(0)
  const view = await (await plimsoll.client()).call(contract.showApp, app)
  apiUrl = view.services.find(({ service }) => service === 'api')?.url ?? ''
}, 300_000)
afterAll(async () => {
  expect(await plimsoll.leave()).toEqual([])
}, 60_000)

const run = (...args: readonly string[]): Promise<CommandEnd> => plimsoll.run([...args, '--json'], { cwd: repo.directory })

function recordIn({ out }: CommandEnd): Verification | undefined {
  const events = out.split('\n').filter((line) => line.startsWith('{')).map((line) => verificationEventSchema.safeParse(JSON.parse(line)))
  return events.flatMap(({ data }) => (data?.event === 'end' ? [data.data] : [])).at(-1)
}

/** Of each check that found something, all that it says. */
function foundBy(record: Verification | undefined, only: (verdict: Verification['checks'][number]['verdicts'][number]) => boolean): Readonly<Record<string, string>> {
  const said = (record?.checks ?? []).map(({ id, verdicts }) => [id, verdicts.filter(only).map(({ finding }) => finding).join('\n')] as const)
  return Object.fromEntries(said.filter(([, finding]) => finding !== ''))
}

/** The candidate goes with the new name, and what is live does not know it. */
async function renameAColumn(): Promise<void> {
  await repo.write('packages/db/migrations/0007_blurb.sql', 'ALTER TABLE products RENAME COLUMN summary TO blurb;\n')
  const path = 'apps/api/src/resources/products.ts'
  const text = await readFile(join(repo.directory, path), 'utf8')
  await repo.write(path, text.replace('name, summary, description', 'name, blurb AS summary, description'))
  await repo.change('with another name for a column')
}

/** Asks for the products as long as `work` takes; gives every answer that was none, or that lacked what was asked for. */
async function askingMeanwhile<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly bad: readonly string[]; readonly asked: number }> {
  const bad: string[] = []
  let asked = 0
  let over = false
  const asking = (async () => {
    while (!over) {
      asked += 1
      const answer = await fetch(`${apiUrl}/v1/products`).then(async (response) => `${response.status} ${await response.text()}`, (error: unknown) => String(error))
      if (!/^200 .*"summary":"/s.test(answer)) bad.push(answer.slice(0, 200))
    }
  })()
  try {
    return { value: await work(), bad, asked }
  } finally {
    over = true
    await asking
  }
}

test('a migration that breaks what is live is held back, with what of it breaks and what its own tests say', { timeout: 300_000 }, async () => {
  await renameAColumn()
  const verified = await run('verify')
  expect(verified.code, verified.out.slice(-3000) + verified.err).toBe(1)
  const found = foundBy(recordIn(verified), blocks)
  // What is found to fail by one read is not asked of its suites as well.
  expect(Object.keys(found).toSorted()).toEqual(['database.migration-lint', 'database.old-on-new'])
  expect(found['database.old-on-new']).toMatch(/On the new schema the live release's api answers 5\d\d to \/v1\/products.*because column public\.products\.summary is renamed to blurb/)
  expect(await run('release')).toMatchObject({ code: 36, problem: { code: 'CHECKS_FAILED' } })
  expect((await (await plimsoll.client()).call(contract.showApp, app)).live?.number).toBe(1)
})

test('with a pause it goes ahead, says what that costs, and every visitor is answered', { timeout: 300_000 }, async () => {
  const verified = await run('verify', '--pause')
  expect(verified.code, verified.out.slice(-3000) + verified.err).toBe(0)
  const advice = foundBy(recordIn(verified), ({ is, weight }) => is === 'fail' && weight === 'advice')
  expect(advice['database.old-on-new']).toContain('is renamed to blurb')

  const { value: released, bad, asked } = await askingMeanwhile(() => run('release', '--pause'))
  expect(released.code, released.out.slice(-3000) + released.err).toBe(0)
  expect(released.release).toMatchObject({ number: 3, state: 'live', paused: true })
  expect(released.release?.unproven).toBeUndefined()
  expect(asked).toBeGreaterThan(10)
  expect(bad).toEqual([])
})
