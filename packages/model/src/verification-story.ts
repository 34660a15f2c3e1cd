import { blocks, concerns, type Concern, type Verdict } from './verdict.ts'
import { verdictsOf, type AskedCheck, type SuiteRun, type SuiteTest, type Verification } from './verification.ts'

/** What one reason to stop is made of: the check that says so, and whatever could not be asked because of it. */
export interface Cause {
  readonly check: string
  readonly title: string
  readonly concern: Concern
  readonly verdicts: readonly Verdict[]
  /** Titles of the checks that were not asked because of this one. */
  readonly notAsked: readonly string[]
}

/** One thing that nobody looked at, and why. */
export interface NotChecked {
  readonly title: string
  readonly concern: Concern
  readonly why: string
}

/** How one concern stands: by verdict, so that three services that were asked the same count three times. */
export interface ConcernTally {
  readonly concern: Concern
  readonly checks: readonly AskedCheck[]
  /** False where nothing at all was asked about it. */
  readonly isAsked: boolean
  readonly passed: number
  readonly failed: number
  readonly unknown: number
  readonly advice: number
  readonly skipped: number
}

/** A test of a suite with the name of that suite. */
export interface NamedTest extends SuiteTest {
  readonly suite: string
}

/** A verification as it is told, whoever tells it: the same order and the same words on paper, on a screen and in a message. */
export interface VerificationStory {
  /** The verdict, in one sentence. */
  readonly sentence: string
  /** What was found that explains it, the most important first; at most three sentences. */
  readonly found: readonly string[]
  /** What else to know with it: how much was not asked, not checked, not steady. */
  readonly also: readonly string[]
  /** What blocks; first whatever kept most from being asked. */
  readonly blocking: readonly Cause[]
  /** What had to be known and could not be found out. */
  readonly unknown: readonly Cause[]
  readonly advice: readonly Cause[]
  /** But for what was not asked because of something that blocks: that stands with its cause. */
  readonly notChecked: readonly NotChecked[]
  /** All concerns there are, also those that no check asked about. */
  readonly tallies: readonly ConcernTally[]
  readonly failedTests: readonly NamedTest[]
  readonly flakyTests: readonly NamedTest[]
  /** Those that failed, or were flaky, and block nothing because they are quarantined. */
  readonly quarantinedTests: readonly NamedTest[]
}

/** What each concern is called before people. */
export const concernTitles: Readonly<Record<Concern, string>> = {
  blueprint: 'Blueprint', environment: 'Environment variables', health: 'Boot and health', web: 'Web pages', services: 'Between services', database: 'Database and migrations',
  auth: 'Authentication', errors: 'Error handling', shutdown: 'Shutdown', release: 'Switch and rollback', load: 'Load', artifact: 'Artifacts', suites: 'Your own suites',
}

/** Reads a verification into the order in which it is told. */
export function storyOf(verification: Verification): VerificationStory {
  const { checks, suites } = verification
  const consequences = (check: string): string[] => checks.filter(({ verdicts }) => verdicts.some(({ because }) => because === check)).map(({ title }) => title)
  const causes = (which: (verdict: Verdict) => boolean): Cause[] => checks.flatMap((asked) => causeIn(asked, which, consequences))
  const blocking = [...causes(blocks), ...untoldSuites(verification)].toSorted(byWeight)
  const unknown = causes(({ is, weight }) => is === 'inconclusive' && weight !== 'advice').toSorted(byWeight)
  const advice = causes(({ is, weight }) => weight === 'advice' && (is === 'fail' || is === 'inconclusive'))
  const tallies = concerns.map((concern) => tallyOf(concern, verification))
  const tests = suites.flatMap((suite) => suite.tests.map((test): NamedTest => ({ ...test, suite: suite.name })))
  const told = {
    blocking, unknown, advice, tallies,
    notChecked: [...skippedIn(checks, new Set(blocking.map(({ check }) => check))), ...unasked(tallies), ...suitesNotRun(suites)],
    failedTests: tests.filter(({ is, quarantined }) => is === 'failed' && quarantined === undefined),
    flakyTests: tests.filter(({ is, quarantined }) => is === 'flaky' && quarantined === undefined),
    quarantinedTests: tests.filter(({ is, quarantined }) => quarantined !== undefined && (is === 'failed' || is === 'flaky')),
  }
  return { ...told, sentence: sentenceOf(verification, told), found: foundIn(verification, told), also: alsoOf(verification, told) }
}

function causeIn({ id, title, concern, verdicts }: AskedCheck, which: (verdict: Verdict) => boolean, consequences: (check: string) => string[]): Cause[] {
  const found = verdicts.filter(which)
  return found.length === 0 ? [] : [{ check: id, title, concern, verdicts: found, notAsked: consequences(id) }]
}

function byWeight(a: Cause, b: Cause): number {
  return b.notAsked.length - a.notAsked.length || concerns.indexOf(a.concern) - concerns.indexOf(b.concern)
}

/** A suite that did not pass is never passed over, also where no check speaks for it. */
function untoldSuites({ state, checks, suites }: Verification): Cause[] {
  const isTold = checks.some(({ concern, verdicts }) => concern === 'suites' && verdicts.some(({ is }) => is === 'fail' || is === 'inconclusive'))
  if (isTold || state !== 'blocked') return []
  return suites.filter(({ is }) => is === 'failed' || is === 'broken').map(({ name, command, problem, tookMs }): Cause => ({
    check: `suites.${name}`, title: `The suite ${name} passes`, concern: 'suites', notAsked: [],
    verdicts: [{ check: `suites.${name}`, is: 'fail', finding: problem ?? `The suite ${name} failed`, reproduce: command, tookMs }],
  }))
}

function skippedIn(checks: readonly AskedCheck[], causes: ReadonlySet<string>): NotChecked[] {
  return checks.flatMap(({ title, concern, verdicts }) => verdicts
    .filter(({ is, because }) => is === 'skipped' && (because === undefined || !causes.has(because)))
    .map(({ service, finding }) => ({ title: service === undefined ? title : `${title} (${service})`, concern, why: finding })))
}

function unasked(tallies: readonly ConcernTally[]): NotChecked[] {
  return tallies.filter(({ isAsked }) => !isAsked).map(({ concern }) => ({ title: concernTitles[concern], concern, why: concern === 'suites' ? 'No suite was run' : 'No check asked about this' }))
}

function suitesNotRun(suites: readonly SuiteRun[]): NotChecked[] {
  return suites.filter(({ is }) => is === 'skipped').map(({ name, problem }) => ({ title: `The suite ${name}`, concern: 'suites', why: problem ?? 'It was skipped' }))
}

function tallyOf(concern: Concern, { checks, suites }: Verification): ConcernTally {
  const own = checks.filter((check) => check.concern === concern)
  // Where no check speaks for the suites, they speak for themselves.
  const answers = own.length === 0 && concern === 'suites' ? suites.map(answerOf) : own.flatMap((check) => check.verdicts)
  const count = (which: (verdict: Pick<Verdict, 'is' | 'weight'>) => boolean): number => answers.filter(which).length
  return {
    concern, checks: own, isAsked: answers.length > 0,
    passed: count(({ is }) => is === 'pass'),
    failed: count(blocks),
    unknown: count(({ is, weight }) => is === 'inconclusive' && weight !== 'advice'),
    advice: count(({ is, weight }) => weight === 'advice' && (is === 'fail' || is === 'inconclusive')),
    skipped: count(({ is }) => is === 'skipped'),
  }
}

function answerOf({ is }: SuiteRun): Pick<Verdict, 'is' | 'weight'> {
  return { is: is === 'passed' ? 'pass' : is === 'skipped' ? 'skipped' : 'fail' }
}

type Told = Omit<VerificationStory, 'sentence' | 'found' | 'also'>

function sentenceOf({ app, state, checks }: Verification, { blocking, unknown }: Told): string {
  const asked = verdictsOf({ checks })
  const passed = asked.filter(({ is }) => is === 'pass').length
  switch (state) {
    case 'passed': return `${app} may be released: ${counted(passed, 'answer is', 'answers are')} good and nothing blocks.`
    case 'blocked': return blocking.length === 0 ? `Do not release ${app}.` : `Do not release ${app}: ${counted(blocking.length, 'check blocks', 'checks block')} it.`
    case 'unsure': return `Nobody can say yet whether ${app} may be released: ${counted(unknown.length, 'question has', 'questions have')} no answer.`
    case 'interrupted': return `The verification of ${app} was interrupted: it proves nothing.`
    case 'running': return `The verification of ${app} goes on: ${counted(asked.length, 'answer', 'answers')} until now.`
  }
}

function foundIn({ problem }: Verification, { blocking, unknown }: Told): string[] {
  const why = problem === undefined ? [] : [`It could not be brought to its end: ${problem.message}`]
  return [...why, ...[...blocking, ...unknown].map(({ verdicts: [verdict], title }) => verdict?.finding ?? title)].slice(0, 3).map(sentence)
}

function alsoOf({ coverage }: Verification, told: Told): string[] {
  const skipped = told.blocking.reduce((sum, { notAsked }) => sum + notAsked.length, 0)
  const percent = coverage === undefined || coverage.total.lines === 0 ? undefined : Math.floor((1000 * coverage.total.covered) / coverage.total.lines) / 10
  return [
    ...(skipped === 0 ? [] : [`${counted(skipped, 'check was', 'checks were')} not asked because of what failed.`]),
    ...(told.notChecked.length === 0 ? [] : [`${counted(told.notChecked.length, 'thing was', 'things were')} not checked.`]),
    ...(told.flakyTests.length === 0 ? [] : [`${counted(told.flakyTests.length, 'test is', 'tests are')} flaky: failed, and then passed.`]),
    ...(told.quarantinedTests.length === 0 ? [] : [`${counted(told.quarantinedTests.length, 'quarantined test', 'quarantined tests')} did not pass, and blocked nothing.`]),
    ...(percent === undefined ? [] : [`${percent} % of the services' lines ran.`]),
  ]
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}
