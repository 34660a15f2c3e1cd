import type { Verification } from '@plimsoll/model'
import { markup, type Markup } from './markup.ts'
import { testList, type ListedTest } from './test-list.ts'

/** JUnit XML, as most CI servers read it. What could not be found out is an `error`; a flaky test is the `flakyFailure` of Surefire. */
export function junitReport(verification: Verification): string {
  const tests = testList(verification)
  const suites = new Map<string, ListedTest[]>()
  for (const test of tests) {
    const name = suiteName(test)
    suites.set(name, [...(suites.get(name) ?? []), test])
  }
  const root = markup`<testsuites name="plimsoll verify ${verification.app}" ${counts(tests)}>
${[...suites].map(([name, own]) => suiteXml(name, own))}</testsuites>
`
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root.markup}`
}

function suiteName({ suite: [top, next] }: ListedTest): string {
  return top === 'plimsoll' && next !== undefined ? `plimsoll: ${next}` : top
}

function counts(tests: readonly ListedTest[]): Markup {
  const count = (wanted: ListedTest['is']): number => tests.filter(({ is }) => is === wanted).length
  return markup`tests="${tests.length}" failures="${count('failed')}" errors="${count('unknown')}" skipped="${count('skipped')}" time="${seconds(tests.reduce((sum, { tookMs }) => sum + tookMs, 0))}"`
}

function suiteXml(name: string, tests: readonly ListedTest[]): Markup {
  return markup`  <testsuite name="${name}" ${counts(tests)} timestamp="${tests[0]?.startedAt.replace(/Z$/, '') ?? ''}">
${tests.map(caseXml)}  </testsuite>
`
}

function caseXml(test: ListedTest): Markup {
  const file = test.file === undefined ? undefined : markup` file="${test.file}"`
  return markup`    <testcase name="${test.name}" classname="${test.suite.join('.')}"${file} time="${seconds(test.tookMs)}">${outcomeXml(test)}</testcase>
`
}

function outcomeXml({ is, message, trace, mark, attempts }: ListedTest): Markup | undefined {
  switch (is) {
    case 'failed': return markup`<failure message="${message}">${trace}</failure>`
    case 'unknown': return markup`<error message="${message}">${trace}</error>`
    case 'skipped': return markup`<skipped message="${message}"/>`
    case 'flaky': return markup`<flakyFailure message="${message === '' ? `Passed at attempt ${attempts}` : message}">${trace}</flakyFailure>`
    case 'passed': return mark === 'advice' ? markup`<system-out>${`Advice: ${message}\n${trace}`}</system-out>` : undefined
  }
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}
