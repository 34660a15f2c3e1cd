import { createHash } from 'node:crypto'
import type { Verification } from '@plimsoll/model'
import { testList, type ListedTest } from './test-list.ts'
import { visibleText } from './visible-text.ts'

/** The Common Test Report Format. What could not be found out is `other`: neither passed nor failed. */
export function ctrfReport(verification: Verification): string {
  const { app, place, source, startedAt, endedAt, suites, seed, id, state } = verification
  const tests = testList(verification)
  const count = (wanted: string): number => tests.filter((test) => statusOf(test) === wanted).length
  const start = Date.parse(startedAt)
  const stop = endedAt === undefined ? start : Date.parse(endedAt)
  const { commit, branch } = source
  return `${JSON.stringify({
    reportFormat: 'CTRF',
    specVersion: '1.0.0',
    reportId: uuidOf(id),
    timestamp: endedAt ?? startedAt,
    generatedBy: 'plimsoll verify',
    results: {
      tool: { name: 'plimsoll' },
      summary: {
        tests: tests.length, passed: count('passed'), failed: count('failed'), skipped: count('skipped'), pending: 0, other: count('other'),
        flaky: tests.filter(({ is }) => is === 'flaky').length,
        suites: new Set(tests.map(({ suite }) => JSON.stringify(suite))).size,
        start, stop, duration: stop - start,
        extra: { state, suites: suites.map(({ name, is }) => ({ name, is })) },
      },
      tests: tests.map(testJson),
      environment: { appName: app, testEnvironment: place, ...(commit !== undefined && { commit }), ...(branch !== undefined && { branchName: branch }), extra: { seed } },
    },
  }, null, 2)}\n`
}

function statusOf({ is }: ListedTest): 'passed' | 'failed' | 'skipped' | 'other' {
  return is === 'flaky' ? 'passed' : is === 'unknown' ? 'other' : is
}

function testJson(test: ListedTest): object {
  const { name, is, suite, message, trace, startedAt, tookMs, attempts, file, mark } = test
  const start = Date.parse(startedAt)
  const duration = Math.round(tookMs)
  const isPlain = is === 'passed' && mark === undefined
  return {
    // The form allows no test without a name, and a suite's author may give one.
    name: visibleText(name).trim() === '' ? '(no name)' : visibleText(name),
    status: statusOf(test), duration, start, stop: start + duration, suite: suite.map(visibleText),
    ...(!isPlain && message !== '' && { message: visibleText(message) }),
    ...(!isPlain && trace !== '' && { trace: visibleText(trace) }),
    ...(is !== statusOf(test) && { rawStatus: is }),
    ...(mark !== undefined && { tags: [mark] }),
    ...(file !== undefined && { filePath: visibleText(file) }),
    ...(attempts > 1 && { retries: attempts - 1 }),
    ...(is === 'flaky' && { flaky: true }),
  }
}

/** The same for the same verification, and in the form that the format asks for. */
function uuidOf(id: string): string {
  const hex = createHash('sha256').update(`verification ${id}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
