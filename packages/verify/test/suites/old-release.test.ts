import { appNameSchema, releaseNumberSchema, serviceNameSchema } from '@plimsoll/model'
import { configSchema } from '@plimsoll/testing/config-schema'
import { describe, expect, test } from 'vitest'
import type { Finding } from '../../src/rehearsal/rehearsal-check.ts'
import type { AppCopy, CopyWish, Rehearsal } from '../../src/rehearsal/rehearsal.ts'
import { oldReleaseCheck } from '../../src/suites/old-release-check.ts'
import { clock, copyOf, git, processes, repository, temporary } from './suite-world.ts'

interface Told {
  readonly findings: readonly Finding[]
  /** What copies were raised for suites, in order. */
  readonly raised: readonly CopyWish[]
}

interface Scene {
  /** What a suite's command prints as its report, by the databases that it is run against; the one after the other when it is run more than once. */
  readonly reports?: Partial<Record<'live' | 'live-migrated', readonly string[]>>
  readonly changes?: readonly { readonly what: string; readonly hurts: boolean }[]
  readonly live?: boolean
  readonly preDeployCommand?: string
  readonly excused?: string
  readonly paused?: true
}

const passes = (name: string) => `<testcase name="${name}" file="a.test.js"/>`
const fails = (name: string) => `<testcase name="${name}" file="a.test.js"><failure message="column is gone"/></testcase>`
const dropped = [{ what: 'column carts.total is dropped', hurts: true }]

/** Asks it with one suite that asks a copy, and one that asks nobody. */
async function ask({ reports = {}, changes = dropped, live = true, preDeployCommand = 'migrate', excused, paused }: Scene): Promise<Told> {
  const script = Object.entries(reports).map(([kind, runs]) => `if [ "$PLIMSOLL_MAIN_DATABASE_URL" = "postgresql://u:p@127.0.0.1:5432/${kind}" ]; then echo x >> ${kind}.runs; case $(wc -l < ${kind}.runs) in\n${runs.map((run, at) => `${at + 1}) ${run} ;;`).join('\n')}\nesac; fi`)
  const root = await repository({ 'suite.sh': script.join('\n') })
  const raised: CopyWish[] = []
  const scratch = await temporary()
  const specs = [{ service: serviceNameSchema.parse('api'), kind: 'web' as const, runtime: 'node' as const, rootDir: '', reaches: [], maxShutdownDelayMs: 30_000, instances: 1, preDeployCommand }]
  const never = () => Promise.reject(new Error('nobody asks for that'))
  const rehearsal: Rehearsal = {
    app: appNameSchema.parse('shop'), source: { root, blueprint: 'render.yaml', dirty: true }, blueprint: '', specs: preDeployCommand === '' ? [] : specs, artifacts: {},
    live: live ? { release: releaseNumberSchema.parse(3), blueprint: '', specs, artifacts: {}, keeps: {}, fingerprints: {}, pages: {} } : undefined,
    ...(paused && { paused }), environments: {}, secrets: [], seed: 1, evidence: root, browser: undefined, liveSchemas: never, shared: never,
    async raise(wish) {
      raised.push(wish)
      return copyOf({ services: [{ name: 'api' }], databases: { main: wish.databases ?? 'migrated' } })
    },
  }
  const config = configSchema.parse({ suites: [{ name: 'api', command: 'sh suite.sh', report: { format: 'junit' } }, { name: 'unit', command: 'exit 1', needs: { services: [] } }] })
  const check = oldReleaseCheck({
    config, limitMs: 1, canRun: () => true,
    world: { clock, scratch, processes, environment: { PATH: process.env['PATH'] ?? '' }, git: async (args) => Buffer.from(await git(root, ...args)) },
    study: async () => ({ copy: {} as AppCopy, tookMs: 1, stumble: undefined, databases: [{ name: 'main', before: schema, after: schema, changes, rewritten: [], locks: [], refused: [] }] }),
    quarantine: async () => ({ entries: [], diagnostics: [], for: (_suite, name) => (name === excused ? { test: name, suite: undefined, owner: 'Ada', reason: 'x', issue: 'x', until: '2030-01-01', expired: false } : undefined) }),
  })
  return { findings: await check.ask(rehearsal, new AbortController().signal), raised }
}

const schema = { tables: {}, enums: {}, sequences: {}, others: [] } as never
const written = (...cases: readonly string[]) => `echo '<testsuites>${cases.join('')}</testsuites>' > "$PLIMSOLL_REPORT"`

describe.concurrent('the live release on the new schema', () => {
  test('passes when it passes the suites there, and is asked nothing else', async () => {
    const { findings, raised } = await ask({ reports: { 'live-migrated': [written(passes('adds'), passes('pays'))] } })
    expect(findings).toMatchObject([{ is: 'pass', finding: 'On the new schema release 3 passes 2 tests of the repository\'s suites' }])
    expect(raised).toEqual([{ of: 'live', databases: 'live-migrated' }])
  })

  test('fails with the test that it passes on its own schema alone, and with what the schema lost', async () => {
    const { findings, raised } = await ask({ reports: { 'live-migrated': [written(passes('adds'), fails('pays')), written(fails('pays'))], live: [written(passes('pays'))] } })
    expect(findings).toMatchObject([{ is: 'fail', finding: 'On the new schema release 3 fails 1 test of suite api that it passes on its own: a.test.js › pays, because column carts.total is dropped', reproduce: 'sh suite.sh', evidence: [{ title: 'a.test.js › pays', text: 'column is gone' }, {}] }])
    expect(raised.map(({ of, databases }) => [of, databases])).toEqual([['live', 'live-migrated'], ['live', 'live'], ['live', 'live-migrated']])
  })

  test('fails and blocks nothing where nothing of it runs beside the candidate', async () => {
    const { findings } = await ask({ paused: true, reports: { 'live-migrated': [written(fails('pays'))], live: [written(passes('pays'))] } })
    expect(findings).toMatchObject([{ is: 'fail', weight: 'advice', hint: expect.stringContaining('Nobody goes back from it by itself') }])
  })

  test.each<[string, Scene['reports']]>([
    ['what it fails on its own schema too', { 'live-migrated': [written(passes('adds'), fails('is new'))], live: [written(fails('is new'))] }],
    ['what passes there at the second time', { 'live-migrated': [written(passes('adds'), fails('wavers')), written(passes('wavers'))], live: [written(passes('wavers'))] }],
  ])('is not blamed for %s', async (_what, reports) => {
    expect((await ask({ reports: reports ?? {} })).findings).toMatchObject([{ is: 'pass', finding: expect.stringMatching(/^On the new schema release 3 passes 1 test.*; 1 more say nothing about it/) }])
  })

  test('is not blamed for what is in quarantine', async () => {
    const { findings, raised } = await ask({ excused: 'a.test.js › wavers', reports: { 'live-migrated': [written(passes('adds'), fails('wavers'))] } })
    expect([findings.map(({ is }) => is), raised.length]).toEqual([['pass'], 1])
  })

  test('fails when a suite gives no answer there although it does on its own schema', async () => {
    const { findings } = await ask({ reports: { 'live-migrated': ['exit 1'], live: [written(passes('adds'))] } })
    expect(findings).toMatchObject([{ is: 'fail', finding: expect.stringMatching(/^On the new schema suite api gives no answer about release 3: it ended with status 1/) }])
  })

  test('is not judged by a suite that gives no answer about it on either schema', async () => {
    expect((await ask({ reports: { 'live-migrated': ['exit 1'], live: ['exit 1'] } })).findings).toEqual([{ is: 'skipped', finding: 'No suite has a test that release 3 passes' }])
  })

  test.each<[string, Scene, Finding['is']]>([
    ['nothing is live', { live: false }, 'skipped'],
    ['nothing is migrated', { preDeployCommand: '' }, 'skipped'],
    ['the migration changes nothing', { changes: [] }, 'pass'],
  ])('is not asked where %s', async (_why, scene, is) => {
    const { findings, raised } = await ask(scene)
    expect([findings.map((each) => each.is), raised]).toEqual([[is], []])
  })
})
