import { execFile } from 'node:child_process'
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { ReportFormat } from '@plimsoll/testing/config-schema'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseCtrf } from './ctrf.ts'
import { parseJunit } from './junit.ts'
import { parsePlaywrightJson } from './playwright-json.ts'
import { readReport } from './read-report.ts'
import type { Parsed } from './reported-test.ts'
import { parseTap } from './tap.ts'
import { parseVitestJson } from './vitest-json.ts'

let directory = ''

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'reports-'))
})
afterAll(async () => {
  await rm(directory, { recursive: true })
})

const states = (parsed: Parsed) => ('tests' in parsed ? parsed.tests.map(({ title, is }) => `${is}: ${title}`) : parsed.problem)

/** Reports as tools write them, from the same tests. A tool that finds a failure ends with one. */
async function reportOf(program: string, args: readonly string[]): Promise<void> {
  // Inside of one, Node's runner reports to the outer one.
  const { NODE_TEST_CONTEXT: _, ...environment } = process.env
  await promisify(execFile)(program, [...args], { cwd: directory, env: { ...environment, NODE_OPTIONS: '' } }).catch(() => undefined)
}

describe('a report that a tool wrote', () => {
  test.each<readonly [ReportFormat]>([['tap'], ['junit']])('is read: node --test as %s', async (format) => {
    const file = join(directory, `node.${format}`)
    await writeFile(join(directory, 'a.test.mjs'), `
      import { describe, test } from 'node:test'
      import assert from 'node:assert'
      describe('cart # 1', () => {
        test('adds', () => {})
        describe('empty', () => { test('breaks', () => assert.equal(1, 2, 'one is not two')); test.skip('later', () => {}) })
      })
      test('alone', () => {})`)
    await reportOf(process.execPath, ['--test', `--test-reporter=${format}`, `--test-reporter-destination=${file}`, 'a.test.mjs'])
    const parsed = await readReport(file, format)
    const titles = 'tests' in parsed ? parsed.tests.map(({ title, is }) => `${is}: ${title.split(' › ').at(-1) ?? ''}`) : parsed.problem
    expect(titles).toEqual(['passed: adds', 'failed: breaks', 'skipped: later', 'passed: alone'])
    expect('tests' in parsed && parsed.tests[1]?.message).toContain('one is not two')
    expect(new Set('tests' in parsed ? parsed.tests.map(({ name }) => name) : []).size).toBe(4)
  })
})

describe('a report says what it says:', () => {
  test('JUnit with entities, CDATA, errors and flakes', () => {
    const parsed = parseJunit(`<?xml version="1.0"?><!-- a > b --><testsuites><testsuite name="s" file="a.test.ts">
      <testcase name="a &lt;b&gt; &#x263A;" classname="c" time="1,000.5"/>
      <testcase name="b"><error message='bad "thing"'><![CDATA[at <x>]]></error></testcase>
      <testcase name="c"><flakyFailure message="once"/></testcase></testsuite></testsuites>`)
    expect(parsed).toEqual({ tests: [
      { name: 'a.test.ts › c › a <b> ☺', title: 'c › a <b> ☺', file: 'a.test.ts', is: 'passed', tookMs: 1_000_500 },
      { name: 'a.test.ts › b', title: 'b', file: 'a.test.ts', is: 'failed', tookMs: 0, message: 'bad "thing"\nat <x>' },
      { name: 'a.test.ts › c', title: 'c', file: 'a.test.ts', is: 'flaky', tookMs: 0, message: 'once' },
    ] })
  })

  test('Playwright with projects, its own retries, and errors outside of tests', () => {
    const spec = (title: string, status: string) => ({ title, file: 'a.spec.ts', tests: [{ projectName: 'chromium', status, results: [{ duration: 5, error: { message: '\u001b[31mred\u001b[39m' } }, { duration: 7 }] }] })
    const parsed = parsePlaywrightJson(JSON.stringify({ suites: [{ title: 'a.spec.ts', file: 'a.spec.ts', specs: [spec('opens', 'expected')], suites: [{ title: 'cart', file: 'a.spec.ts', specs: [spec('pays', 'unexpected'), spec('adds', 'flaky')] }] }], errors: [{ message: 'no server' }] }))
    expect(states(parsed)).toEqual(['passed: [chromium] › opens', 'failed: [chromium] › cart › pays', 'flaky: [chromium] › cart › adds', 'failed: (outside of tests, 1)'])
    expect('tests' in parsed && parsed.tests[1]).toMatchObject({ tookMs: 12, message: 'red', file: 'a.spec.ts' })
  })

  test('Vitest with groups, and a file that could not be loaded', () => {
    const assertion = (title: string, status: string) => ({ ancestorTitles: ['cart'], title, status, duration: 2, failureMessages: status === 'failed' ? ['no'] : [] })
    const parsed = parseVitestJson(JSON.stringify({ testResults: [
      { name: '/r/v.test.ts', status: 'failed', message: '', assertionResults: [assertion('adds', 'passed'), assertion('breaks', 'failed'), assertion('later', 'todo')] },
      { name: '/r/w.test.ts', status: 'failed', message: 'cannot find nowhere', assertionResults: [] },
    ] }))
    expect(states(parsed)).toEqual(['passed: cart › adds', 'failed: cart › breaks', 'skipped: cart › later', 'failed: (the file itself)'])
    expect('tests' in parsed && parsed.tests[3]).toMatchObject({ name: '/r/w.test.ts › (the file itself)', message: 'cannot find nowhere' })
  })

  test('CTRF, where what is neither passed nor skipped has failed', () => {
    const each = (name: string, status: string, more = {}) => ({ name, status, duration: 1, ...more })
    expect(states(parseCtrf(JSON.stringify({ reportFormat: 'CTRF', results: { tests: [each('a', 'passed'), each('b', 'passed', { flaky: true }), each('c', 'other', { suite: ['x', 'y'] }), each('d', 'pending')] } })))).toEqual(['passed: a', 'flaky: b', 'failed: x › y › c', 'skipped: d'])
  })
})

describe('a report that is broken or hostile is said to be so:', () => {
  test.each<readonly [string, () => Parsed, string]>([
    ['XML that is cut off in a tag', () => parseJunit('<testsuites><testcase name="a'), 'it is no XML at character 13, or ends there'],
    ['XML that is cut off between tags', () => parseJunit('<testsuites><testcase name="a"/>'), 'it ends before <testsuites> does'],
    ['XML that declares entities', () => parseJunit('<!DOCTYPE a [<!ENTITY x "xxxx">]><testsuites/>'), 'it declares a document type'],
    ['XML without an end to its depth', () => parseJunit('<testsuites>'.repeat(50_000)), 'it is nested more than 100 deep'],
    ['a page of a proxy', () => parseJunit('<html><body>Bad gateway</body></html>'), 'it is <html>, not <testsuites>'],
    ['nothing', () => parseJunit(''), 'it is empty'],
    ['TAP without its plan', () => parseTap('TAP version 13\nok 1 - a\n'), 'it has no plan (1..N): it is no TAP, or ended too early'],
    ['TAP shorter than its plan', () => parseTap('1..3\nok 1 - a\nok 2 - b\n'), 'it ended after 2 of 3 results'],
    ['TAP that was given up', () => parseTap('1..3\nok 1 - a\nBail out! no database\n'), 'it was given up: Bail out! no database'],
    ['JSON that is nested without end', () => parsePlaywrightJson(`{"suites":${'[{"title":"a","suites":'.repeat(20_000)}[]${'}]'.repeat(20_000)}}`), 'it is nested too deep'],
    ['JSON of another kind', () => parseVitestJson('{"testResults":3}'), 'it has another form: testResults Invalid input: expected array, received number'],
  ])('%s', (_, parse, problem) => {
    expect(parse()).toEqual({ problem })
  })

  test('one that is larger than anybody would write, one that names nothing, and one that is no file', async () => {
    await writeFile(join(directory, 'large'), '')
    await truncate(join(directory, 'large'), 33 * 1024 * 1024)
    expect(await readReport(join(directory, 'large'), 'tap')).toEqual({ problem: 'its report is larger than 32 MB' })
    await writeFile(join(directory, 'empty.xml'), '<testsuites/>')
    expect(await readReport(join(directory, 'empty.xml'), 'junit')).toEqual({ problem: 'its report names no test' })
    await promisify(execFile)('mkfifo', [join(directory, 'pipe')])
    expect(await readReport(join(directory, 'pipe'), 'junit')).toEqual({ problem: 'its report is no file' })
    expect(await readReport(join(directory, 'absent'), 'junit')).toEqual({ problem: 'it wrote no report' })
  })

  test('a hundred thousand characters that look like the start of something take no time', () => {
    const began = performance.now()
    for (const piece of ['<a ', '<a b="', '&', '<!--', '<![CDATA[', '<?']) parseJunit(piece.repeat(100_000))
    for (const piece of ['ok 1 - #', '    ', 'not ', '\\#', '# Subtest: ']) parseTap(piece.repeat(100_000))
    expect(performance.now() - began).toBeLessThan(5_000)
  })
})
