import type { SuiteTest } from '@plimsoll/model'
import type { ReportedTest } from '../reports/reported-test.ts'

const severity = { failed: 3, flaky: 2, passed: 1, skipped: 0 } as const

/** Tests of one report by name. Those that share a name are one: it has passed when all of them have. */
export function byName(tests: readonly ReportedTest[]): ReadonlyMap<string, ReportedTest> {
  const found = new Map<string, ReportedTest>()
  for (const test of tests) {
    const before = found.get(test.name)
    const worse = before === undefined || severity[test.is] > severity[before.is] ? test : before
    found.set(test.name, before === undefined ? test : { ...worse, tookMs: before.tookMs + test.tookMs })
  }
  return found
}

/**
 * What became of each test over all runs of it. One that failed, and passed later, is flaky: a second run says which kind of failure it was,
 * and excuses none. One that failed and is not in the report of the second run has failed.
 */
export function classify(first: readonly ReportedTest[], later: readonly (readonly ReportedTest[])[]): readonly SuiteTest[] {
  const again = later.map(byName)
  return [...byName(first).values()].map(({ name, file, is, tookMs, message }): SuiteTest => {
    const runs = again.flatMap((tests) => tests.get(name) ?? [])
    const all = [is, ...runs.map((run) => run.is)]
    const mixed = all.includes('flaky') || (all.includes('failed') && all.includes('passed'))
    const said = [message, ...runs.map((run) => run.message)].findLast((each) => each !== undefined)
    return { name, ...(file !== undefined && { file }), is: mixed ? 'flaky' : is, tookMs: Math.round(runs.reduce((sum, run) => sum + run.tookMs, tookMs)), attempts: all.length, ...(said !== undefined && { message: said }) }
  })
}

const fewest = 5

/** True when so much fails that it is not the tests: more than 80 % of those that ran, of five at least. */
export function looksLikeInfrastructure(tests: readonly Pick<ReportedTest, 'is'>[]): boolean {
  const ran = tests.filter(({ is }) => is !== 'skipped')
  return ran.length >= fewest && ran.filter(({ is }) => is === 'failed').length > ran.length * 0.8
}
