import { shareOfRuns, type Evidence, type SuiteRun, type SuiteTest } from '@plimsoll/model'
import type { Suite } from '@plimsoll/testing/config-schema'
import type { Finding } from '../rehearsal/rehearsal-check.ts'
import { looksLikeInfrastructure } from './judge/classify.ts'
import type { TestHistory } from './judge/history.ts'
import { quarantineFile } from './judge/quarantine.ts'

const mostShown = 10
const logLines = 40

/** What a suite's run means for the release: every test that failed or wavered is named, and those in quarantine too. */
export function suiteFindings({ suite, run, history, repeated }: {
  readonly suite: Suite
  readonly run: SuiteRun
  readonly history: TestHistory
  /** What is to be said about tests that were run again because they are new. */
  readonly repeated: string | undefined
}): readonly Finding[] {
  const reproduce = suite.cwd === '.' ? suite.command : `cd ${suite.cwd} && ${suite.command}`
  if (run.is === 'broken') return [{ is: 'fail', finding: `Suite ${suite.name} gave no answer: ${run.problem ?? ''}`, reproduce, evidence: [lastOutput(run)] }]
  if (run.problem !== undefined) return [{ is: 'inconclusive', finding: `Suite ${suite.name}: ${run.problem}`, reproduce, evidence: [...told(run.tests.filter(({ is }) => is === 'failed')), lastOutput(run)] }]

  const failed = run.tests.filter(({ is, quarantined }) => is === 'failed' && quarantined === undefined)
  const flaky = run.tests.filter(({ is, quarantined }) => is === 'flaky' && quarantined === undefined)
  const excused = run.tests.filter(({ is, quarantined }) => (is === 'failed' || is === 'flaky') && quarantined !== undefined)
  const findings: Finding[] = []
  if (failed.length > 0) findings.push({ is: 'fail', finding: `${counted(failed, run.tests)} of suite ${suite.name} failed: ${names(failed)}`, reproduce, evidence: [...told(failed), lastOutput(run)] })
  if (flaky.length > 0) findings.push({ is: 'fail', finding: `${counted(flaky, run.tests)} of suite ${suite.name} failed in one run and passed in another: ${names(flaky)}`, reproduce, hint: `Make it give one answer, or put it into ${quarantineFile} with an owner, a reason and an issue`, evidence: told(flaky, (test) => known(history, suite, test)) })
  if (excused.length > 0) findings.push({ is: 'fail', weight: 'advice', finding: `In quarantine, and did not pass: ${excused.map(({ name, quarantined }) => `${name} (${quarantined?.owner ?? ''}, until ${quarantined?.until ?? ''})`).join('; ')}`, evidence: told(excused, (test) => known(history, suite, test)) })
  const passed = run.tests.filter(({ is }) => is === 'passed').length
  const skipped = run.tests.filter(({ is }) => is === 'skipped').length
  if (failed.length + flaky.length > 0) return findings
  if (passed === 0 && excused.length === 0) return [{ is: 'inconclusive', finding: `All ${skipped} tests of suite ${suite.name} were skipped by the suite itself`, reproduce }]
  return [{ is: 'pass', finding: [`${passed} test${passed === 1 ? '' : 's'} of suite ${suite.name} passed`, skipped > 0 ? `, ${skipped} skipped by the suite itself` : '', repeated === undefined ? '' : `; ${repeated}`].join('') }, ...findings]
}

/** Why a run says nothing about the release although tests failed; undefined when it does. */
export function infrastructureProblem(tests: readonly SuiteTest[]): string | undefined {
  if (!looksLikeInfrastructure(tests)) return undefined
  const ran = tests.filter(({ is }) => is !== 'skipped')
  return `${ran.filter(({ is }) => is === 'failed').length} of ${ran.length} tests failed. That many fail together for what they stand on, and not each for itself`
}

function counted(some: readonly SuiteTest[], all: readonly SuiteTest[]): string {
  return `${some.length} of ${all.length} test${all.length === 1 ? '' : 's'}`
}

function names(tests: readonly SuiteTest[]): string {
  const more = tests.length - 3
  return `${tests.slice(0, 3).map(({ name }) => name).join('; ')}${more > 0 ? `; and ${more} more` : ''}`
}

function told(tests: readonly SuiteTest[], further: (test: SuiteTest) => string | undefined = () => undefined): Evidence[] {
  return tests.slice(0, mostShown).map((test) => ({ title: test.name, text: [test.message, further(test)].filter((part) => part !== undefined).join('\n') }))
}

function known(history: TestHistory, suite: Suite, { name }: SuiteTest): string | undefined {
  const counts = history.of(suite.name, name)
  return counts === undefined || counts.runs < 2 ? undefined : `Flaky in ${shareOfRuns(counts.flaky, counts.runs)}`
}

function lastOutput({ log }: SuiteRun): Evidence {
  return { title: 'The last lines that it printed', text: log.slice(-logLines).join('\n') || '(nothing)' }
}
