import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Coverage, SuiteRun } from '@plimsoll/model'
import type { Config, Suite } from '@plimsoll/testing/config-schema'
import { asksACopy } from './asks-a-copy.ts'
import { bootStart } from '../checks/boot/start-check.ts'
import { studyMigration } from '../checks/database/migration-study.ts'
import type { Finding, RehearsalCheck } from '../rehearsal/rehearsal-check.ts'
import type { Rehearsal } from '../rehearsal/rehearsal.ts'
import { coverageCheck, type Gathered } from './line-coverage/coverage-check.ts'
import { gatherInto } from './line-coverage/gather.ts'
import { changedSince, type ChangedLines } from './judge/changed-files.ts'
import { openHistory, type TestHistory } from './judge/history.ts'
import { oldReleaseCheck } from './old-release-check.ts'
import { readQuarantine, type Quarantine } from './judge/quarantine.ts'
import { quarantineCheck } from './quarantine-check.ts'
import { runSuite } from './run/run-suite.ts'
import { suiteFindings } from './suite-findings.ts'
import type { SuiteWorld } from './suite-world.ts'

export interface SuiteChecksOptions {
  readonly world: SuiteWorld
  /** Where what tests did is remembered from one verification to the next; absolute. */
  readonly historyFile: string
  /** What is live was made of this; undefined where nothing is, or nobody knows. */
  readonly liveCommit: string | undefined
  /** The repository's root, where the quarantine lies. */
  readonly root: string
  readonly record: { suite(run: SuiteRun): void; coverage(coverage: Coverage): void }
}

/** How long raising a copy and filling it may take, beside the suite itself. */
const aroundMs = 180_000

interface Shared {
  readonly quarantine: Quarantine
  readonly history: TestHistory
  readonly changed: ChangedLines | undefined
}

/** One check for each suite of a configuration, one for what is in quarantine, one for what they say of the live release on the new schema, and one for what they cover together. Each suite that asks a copy has copies of its own, so that all can be asked at once. */
export function suiteChecks(config: Config, options: SuiteChecksOptions): readonly RehearsalCheck[] {
  const { world, historyFile, liveCommit, root } = options
  let shared: Promise<Shared> | undefined
  const share = (signal: AbortSignal) => {
    shared ??= Promise.all([readQuarantine(root, world.clock.now()), openHistory(historyFile), liveCommit === undefined ? undefined : changedSince(liveCommit, world.git, signal)]).then(([quarantine, history, changed]) => ({ quarantine, history, changed }))
    return shared
  }
  if (config.suites.length === 0) return []
  const gathered: Gathered = { hits: new Map(), unmapped: new Set(), silent: new Set(), problem: undefined }
  const { coverage } = config
  const measured = coverage === false ? undefined : gathered
  return [
    quarantineCheck(async (signal) => {
      const { quarantine, history } = await share(signal)
      return { quarantine, known: history.size }
    }),
    ...config.suites.map((suite): RehearsalCheck => ({
      id: `suites.${suite.name}`,
      title: `The suite ${suite.name} passes`,
      concern: 'suites',
      after: asksACopy(suite) ? [bootStart] : [],
      limitMs: (suite.limitMs + aroundMs) * (1 + suite.retries) + config.repeat.limitMs + aroundMs,
      ask: async (rehearsal, signal) => ask(suite, { config, rehearsal, options, shared: await share(signal), measured }, signal),
    })),
    oldReleaseCheck({
      config, world, study: studyMigration, limitMs: config.suites.reduce((sum, suite) => sum + 3 * (suite.limitMs + aroundMs), 0),
      quarantine: async (signal) => (await share(signal)).quarantine,
      canRun: (suite, rehearsal) => whyNot(suite, rehearsal) === undefined,
    }),
    ...(coverage === false ? [] : [coverageCheck({ thresholds: coverage, gathered, after: config.suites.filter((suite) => suite.coverage).map(({ name }) => `suites.${name}`), changed: async (signal) => (await share(signal)).changed, record: (each) => options.record.coverage(each) })]),
  ]
}

interface Asking {
  readonly config: Config
  readonly rehearsal: Rehearsal
  readonly options: SuiteChecksOptions
  readonly shared: Shared
  readonly measured: Gathered | undefined
}

async function ask(suite: Suite, { config, rehearsal, options, shared, measured }: Asking, signal: AbortSignal): Promise<readonly Finding[]> {
  const { world, record } = options
  const hindrance = whyNot(suite, rehearsal)
  if (hindrance !== undefined) {
    record.suite({ name: suite.name, command: suite.command, is: hindrance.is === 'skipped' ? 'skipped' : 'broken', startedAt: new Date(world.clock.now()).toISOString(), tookMs: 0, tests: [], problem: hindrance.finding, log: [] })
    return [hindrance]
  }
  await mkdir(join(world.scratch, suite.name), { recursive: true })
  const gathering = measured === undefined || !suite.coverage ? undefined : await gatherInto(measured, { suite, root: rehearsal.source.root, directory: join(world.scratch, `${suite.name}-coverage`), world })
  const { run, leftBehind, repeated } = await runSuite({ suite, config, rehearsal, world, quarantine: shared.quarantine, changed: shared.changed, gathering }, signal)
  record.suite(run)
  // Runs that say nothing about the tests are no part of what is known about them.
  if (run.problem === undefined) await shared.history.add(suite.name, run.tests, world.clock.now())
  const findings = suiteFindings({ suite, run, history: shared.history, repeated })
  return leftBehind.length === 0 || run.is === 'broken' ? findings : [...findings, { is: 'fail', weight: 'advice', finding: `Suite ${suite.name} left processes running, which were ended: ${leftBehind.join(', ')}` }]
}

/** What keeps a suite from being run at all. */
function whyNot({ name, needs }: Suite, { browser, specs }: Rehearsal): Finding | undefined {
  const absent = (needs.services ?? []).filter((service) => !specs.some((spec) => spec.service === service))
  if (absent.length > 0) return { is: 'fail', finding: `Suite ${name} needs ${absent.join(', ')}, which render.yaml does not have`, hint: `It has ${specs.map(({ service }) => service).join(', ')}` }
  return needs.browser && browser === undefined ? { is: 'skipped', finding: 'No browser was found', hint: 'Install Chromium, or name one: PLIMSOLL_BROWSER=/path/to/chromium' } : undefined
}
