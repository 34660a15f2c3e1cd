import { join } from 'node:path'
import type { Config, Suite } from '@plimsoll/testing/config-schema'
import { besideLive } from '../checks/beside-live.ts'
import { isIdle, nothingLive, type MigrationStudy, type StudyMigration } from '../checks/database/migration-study.ts'
import { oldOnNew, withCause } from '../checks/database/old-on-new-check.ts'
import { migrators, noPreDeploy } from '../checks/database/pre-deploy.ts'
import { inTurn } from '../in-turn.ts'
import type { Finding, RehearsalCheck } from '../rehearsal/rehearsal-check.ts'
import type { CopyWish, Rehearsal } from '../rehearsal/rehearsal.ts'
import { asksACopy } from './asks-a-copy.ts'
import { byName } from './judge/classify.ts'
import type { Quarantine } from './judge/quarantine.ts'
import type { ReportedTest } from './reports/reported-test.ts'
import { attempt } from './run/attempt.ts'
import { narrowedTo } from './run/narrow.ts'
import type { SuiteWorld } from './suite-world.ts'

export interface OldReleaseOptions {
  readonly config: Config
  readonly world: SuiteWorld
  readonly limitMs: number
  readonly study: StudyMigration
  quarantine(signal: AbortSignal): Promise<Quarantine>
  /** Whether the suite can be run here at all. */
  canRun(suite: Suite, rehearsal: Rehearsal): boolean
}

/**
 * Asks the live release what the repository's suites ask, on its own databases as the candidate's pre-deploy commands leave them: what its users meet until
 * the switch, and after a rollback. The suites are the candidate's and ask for what is new too, so a test counts only where it passes on the schema of before.
 */
export function oldReleaseCheck(options: OldReleaseOptions): RehearsalCheck {
  return {
    id: 'suites.old-on-new',
    title: 'The live release passes on the new schema what it passes on its own',
    concern: 'database',
    after: [oldOnNew],
    limitMs: options.limitMs,
    async ask(rehearsal, signal) {
      if (migrators(rehearsal).length === 0) return [noPreDeploy]
      if (rehearsal.live === undefined) return [{ is: 'skipped', finding: nothingLive }]
      const studied = await options.study(rehearsal, signal)
      if (isIdle(studied)) return [{ is: 'pass', finding: 'The pre-deploy commands change nothing about what is live' }]
      const quarantine = await options.quarantine(signal)
      const suites = options.config.suites.filter((suite) => asksACopy(suite) && options.canRun(suite, rehearsal))
      const compared = await inTurn(suites, 2, async (suite) => compare(suite, { ...options, rehearsal, isExcused: (test) => quarantine.for(suite.name, test) !== undefined }, signal))
      return besideLive(rehearsal, verdict(compared, { release: rehearsal.live.release, studied }))
    },
  }
}

interface Comparing extends OldReleaseOptions {
  readonly rehearsal: Rehearsal
  readonly isExcused: (test: string) => boolean
}

/** What the live release makes of a suite. */
interface Compared {
  readonly suite: Suite
  readonly passed: number
  /** What it passes on neither schema, and what gave one answer and then another: neither says anything about the new schema. */
  readonly besides: number
  /** What it passes on its own schema, and twice not on the new one. */
  readonly broken: readonly ReportedTest[]
  /** Why the suite gave no answer on the new schema although it did on that of before; or on either, with `onBoth`. */
  readonly problem?: string
  readonly onBoth?: boolean
}

async function compare(suite: Suite, { config, world, rehearsal, isExcused }: Comparing, signal: AbortSignal): Promise<Compared> {
  const once = (databases: NonNullable<CopyWish['databases']>, name: string, words: readonly string[] = []) =>
    attempt({ suite, config, words, limitMs: suite.limitMs, directory: join(world.scratch, suite.name, `old-${name}`), against: { of: 'live', databases } }, { rehearsal, world }, signal)
  const onNew = await once('live-migrated', 'on-new')
  if ('problem' in onNew) return { suite, passed: 0, besides: 0, broken: [], problem: onNew.problem, onBoth: 'problem' in (await once('live', 'on-its-own')) }

  const tests = [...byName(onNew.tests).values()]
  const failed = tests.filter(({ is, name }) => is === 'failed' && !isExcused(name))
  const passed = tests.filter(({ is }) => is === 'passed').length
  const passing = async (some: readonly ReportedTest[], run: (words: readonly string[]) => ReturnType<typeof once>): Promise<(test: ReportedTest) => boolean> => {
    const end = some.length === 0 ? undefined : await run(narrowedTo(suite, some) ?? [])
    const found = end === undefined || 'problem' in end ? undefined : byName(end.tests)
    return ({ name }) => found?.get(name)?.is === 'passed'
  }
  const suspects = failed.filter(await passing(failed, (words) => once('live', 'on-its-own', words)))
  const passesNow = await passing(suspects, (words) => once('live-migrated', 'on-new-again', words))
  const broken = suspects.filter((test) => !passesNow(test))
  return { suite, passed, besides: failed.length - broken.length, broken }
}

function verdict(compared: readonly Compared[], { release, studied }: { readonly release: number; readonly studied: MigrationStudy }): readonly Finding[] {
  const faults = compared.flatMap(({ suite, broken, problem, onBoth }): Finding[] => {
    const found = (finding: string, evidence: Finding['evidence'] = []): Finding[] => [withCause({ is: 'fail', finding, reproduce: suite.command, evidence }, studied)]
    if (problem !== undefined) return onBoth === true ? [] : found(`On the new schema suite ${suite.name} gives no answer about release ${release}: ${problem}`)
    if (broken.length === 0) return []
    const names = broken.slice(0, 3).map(({ name }) => name).join('; ')
    return found(`On the new schema release ${release} fails ${broken.length} test${broken.length === 1 ? '' : 's'} of suite ${suite.name} that it passes on its own: ${names}`, broken.slice(0, 10).map(({ name, message }) => ({ title: name, text: message ?? '' })))
  })
  if (faults.length > 0) return faults
  const answered = compared.filter(({ problem }) => problem === undefined)
  const sum = (count: (each: Compared) => number): number => answered.reduce((total, each) => total + count(each), 0)
  if (sum(({ passed }) => passed) === 0) return [{ is: 'skipped', finding: `No suite has a test that release ${release} passes` }]
  const besides = sum((each) => each.besides)
  return [{ is: 'pass', finding: `On the new schema release ${release} passes ${sum(({ passed }) => passed)} tests of the repository's suites${besides === 0 ? '' : `; ${besides} more say nothing about it: it does not pass them on its own either, or not every time`}` }]
}
