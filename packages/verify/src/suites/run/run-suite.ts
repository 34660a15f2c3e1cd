import { join } from 'node:path'
import type { SuiteRun, SuiteTest } from '@plimsoll/model'
import type { Config, Suite } from '@plimsoll/testing/config-schema'
import type { Rehearsal } from '../../rehearsal/rehearsal.ts'
import type { Gathering } from '../line-coverage/gather.ts'
import type { ChangedLines } from '../judge/changed-files.ts'
import { classify, looksLikeInfrastructure } from '../judge/classify.ts'
import type { Quarantine, Quarantined } from '../judge/quarantine.ts'
import type { ReportedTest } from '../reports/reported-test.ts'
import type { SuiteWorld } from '../suite-world.ts'
import { infrastructureProblem } from '../suite-findings.ts'
import { attempt, belowRoot, type Attempt, type AttemptWish } from './attempt.ts'
import { narrowedTo, narrowedToFiles } from './narrow.ts'

export interface SuiteRunning {
  readonly suite: Suite
  readonly config: Config
  readonly rehearsal: Rehearsal
  readonly world: SuiteWorld
  readonly quarantine: Quarantine
  /** Against what is live; undefined where there is nothing to compare with. */
  readonly changed: ChangedLines | undefined
  /** Measures what the services run in the first run. */
  readonly gathering: Gathering | undefined
}

export interface SuiteEnd {
  readonly run: SuiteRun
  readonly leftBehind: readonly string[]
  /** How often new tests were run again, for people; undefined when there are none. */
  readonly repeated: string | undefined
}

/** Runs a suite, what failed of it once more, and what is new in it again and again, each time against a fresh copy. */
export async function runSuite(running: SuiteRunning, signal: AbortSignal): Promise<SuiteEnd> {
  const { suite, config, rehearsal, world, quarantine, gathering } = running
  const directory = (name: string) => join(world.scratch, suite.name, name)
  const once = (wish: Pick<AttemptWish, 'directory' | 'words' | 'limitMs' | 'gathering'>) => attempt({ suite, config, ...wish }, { rehearsal, world }, signal)
  const began = world.clock.now()
  const about = { name: suite.name, command: suite.command, startedAt: new Date(began).toISOString() }

  const first = await once({ directory: directory('1'), words: [], limitMs: suite.limitMs, gathering })
  const end = (rest: Pick<SuiteRun, 'is' | 'tests'> & { readonly problem?: string }) => ({ ...about, tookMs: Math.round(world.clock.now() - began), log: [...first.log], ...rest })
  if ('problem' in first) return { run: end({ is: 'broken', tests: [], problem: first.problem }), leftBehind: first.leftBehind, repeated: undefined }

  const failed = first.tests.filter(({ is }) => is === 'failed')
  const again = failed.length > 0 && suite.retries > 0 && !looksLikeInfrastructure(first.tests) ? [await once({ directory: directory('2'), words: narrowedTo(suite, failed) ?? [], limitMs: suite.limitMs })] : []
  const repeats = failed.length > 0 ? undefined : await repeatChanged(running, first.tests, (limitMs, words, number) => once({ directory: directory(`again-${number}`), words, limitMs }))
  const later = again.flatMap((each) => ('tests' in each ? [each.tests] : [])).concat(repeats?.runs ?? [])

  const tests = classify(first.tests, later).map((test) => ({ ...test, ...(test.file !== undefined && { file: belowRoot(test.file, rehearsal.source.root) }), ...excused(quarantine.for(suite.name, test.name)) }))
  const problem = infrastructureProblem(tests)
  const blocked = tests.some(({ is, quarantined }) => (is === 'failed' || is === 'flaky') && quarantined === undefined)
  const leftBehind = [...new Set([first, ...again].flatMap((each) => each.leftBehind))]
  return { run: end({ is: blocked ? 'failed' : 'passed', tests, ...(problem !== undefined && { problem }) }), leftBehind, repeated: repeats?.said }
}

function excused(entry: Quarantined | undefined): Pick<SuiteTest, 'quarantined'> {
  return entry === undefined ? {} : { quarantined: { owner: entry.owner, reason: entry.reason, until: entry.until } }
}

type Repeat = (limitMs: number, words: readonly string[], number: number) => Promise<Attempt>

async function repeatChanged({ suite, config, rehearsal, world, changed }: SuiteRunning, tests: readonly ReportedTest[], once: Repeat): Promise<{ readonly runs: readonly (readonly ReportedTest[])[]; readonly said: string } | undefined> {
  const fresh = changed === undefined ? [] : tests.filter(({ file, is }) => is === 'passed' && file !== undefined && isChanged(file, { changed, root: rehearsal.source.root, cwd: suite.cwd }))
  if (fresh.length === 0) return undefined
  const words = narrowedToFiles(suite, fresh) ?? []
  const { times, limitMs } = config.repeat
  const until = world.clock.now() + limitMs
  const runs: (readonly ReportedTest[])[] = []
  let longest = 0
  while (runs.length < times && world.clock.now() + longest < until) {
    const from = world.clock.now()
    const each = await once(Math.max(1, Math.round(until - from)), words, runs.length + 1)
    // One that this time ended says nothing about its tests; one that broke by itself does.
    if ('problem' in each && world.clock.now() >= until) break
    runs.push('tests' in each ? each.tests : fresh.map((test) => ({ ...test, is: 'failed', message: `Run again: ${each.problem}` })))
    longest = Math.max(longest, world.clock.now() - from)
  }
  const missing = runs.length < times ? ` (${times} did not fit into ${limitMs / 1000} s)` : ''
  return { runs, said: `${fresh.length} of them, new or changed since what is live, passed ${runs.length} more time${runs.length === 1 ? '' : 's'}${missing}` }
}

/** Tools name a file absolutely, or from where they ran, or from a directory of their own. */
function isChanged(file: string, { changed, root, cwd }: { readonly changed: ChangedLines; readonly root: string; readonly cwd: string }): boolean {
  const below = file.startsWith('/') ? belowRoot(file, root) : join(cwd, file)
  return changed.has(below) || [...changed.keys()].some((each) => each.startsWith(cwd === '.' ? '' : `${cwd}/`) && each.endsWith(`/${file}`))
}
