import { concernTitles, type SuiteTest, type Verdict, type Verification } from '@plimsoll/model'

/** One line of the formats that other tools read: there, an answer of a check and a test of a suite are alike. */
export interface ListedTest {
  readonly name: string
  /** From the top down. */
  readonly suite: readonly [string, ...string[]]
  /** `unknown` is neither good nor bad: nobody could find out. */
  readonly is: 'passed' | 'failed' | 'unknown' | 'skipped' | 'flaky'
  readonly message: string
  /** Everything that helps to understand it; empty where it is good. */
  readonly trace: string
  readonly startedAt: string
  readonly tookMs: number
  readonly attempts: number
  readonly file?: string
  /** What it is in the words of this project, where that says more: `advice`, `quarantined`. */
  readonly mark?: 'advice' | 'quarantined'
}

/** Everything that was asked and run, in order; a suite that broke stands as one line, so that it is not lost. */
export function testList({ checks, suites }: Verification): readonly ListedTest[] {
  return [
    ...checks.flatMap(({ title, concern, startedAt, verdicts }) => verdicts.map((verdict): ListedTest => ({
      name: verdict.service === undefined ? title : `${title} (${verdict.service})`,
      suite: ['plimsoll', concernTitles[concern], verdict.check],
      is: checkWord(verdict),
      message: verdict.finding,
      trace: traceOf(verdict),
      startedAt, tookMs: verdict.tookMs, attempts: 1,
      ...(verdict.weight === 'advice' && { mark: 'advice' as const }),
    }))),
    ...suites.flatMap(({ name, startedAt, tookMs, tests, is, problem, log }): ListedTest[] => [
      ...tests.map((test) => listedTest(test, name, startedAt)),
      ...(is === 'broken' || (is === 'skipped' && tests.length === 0) ? [{ name: `The suite ${name} runs`, suite: [name] as const, is: is === 'broken' ? 'failed' as const : 'skipped' as const, message: problem ?? `The suite is ${is}`, trace: log.join('\n'), startedAt, tookMs, attempts: 1 }] : []),
    ]),
  ]
}

/** What only advises fails nothing. */
function checkWord({ is, weight }: Verdict): ListedTest['is'] {
  if (is === 'pass') return 'passed'
  if (is === 'skipped') return 'skipped'
  if (weight === 'advice') return 'passed'
  return is === 'fail' ? 'failed' : 'unknown'
}

function listedTest({ name, file, is, tookMs, attempts, message, quarantined }: SuiteTest, suite: string, startedAt: string): ListedTest {
  const why = quarantined === undefined ? '' : `Quarantined until ${quarantined.until} by ${quarantined.owner}: ${quarantined.reason}`
  return {
    name, suite: file === undefined ? [suite] : [suite, file],
    // A quarantined failure blocks nothing here, and so must not where this is read.
    is: quarantined !== undefined && is === 'failed' ? 'skipped' : is,
    message: [why, message ?? ''].filter((text) => text !== '').join('\n'),
    trace: message ?? '', startedAt, tookMs, attempts,
    ...(file !== undefined && { file }),
    ...(quarantined !== undefined && { mark: 'quarantined' as const }),
  }
}

function traceOf({ is, reproduce, hint, evidence = [] }: Verdict): string {
  if (is === 'pass') return ''
  const seen = evidence.map(({ title, text, file }) => `${title}:\n${text ?? file ?? ''}`)
  return [...(reproduce === undefined ? [] : [`Reproduce: ${reproduce}`]), ...(hint === undefined ? [] : [`Hint: ${hint}`]), ...seen].join('\n\n')
}
