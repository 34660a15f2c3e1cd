import { readFileSync } from 'node:fs'
import { verificationSchema, type Verification } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { hostile } from '../../test/hostile.ts'
import { asked, at, blockedVerification, verification } from '../../test/sample-verification.ts'
import { ctrfReport } from './ctrf-report.ts'
import { htmlReport } from './html/page.ts'
import { junitReport } from './junit-report.ts'
import { commentMarker, summaryLimit, summaryReport } from './summary-report.ts'
import { timelineOf } from './timeline.ts'

const hostileRun: Verification = verificationSchema.parse(JSON.parse(JSON.stringify(blockedVerification(), (key, value: unknown) => (
  ['title', 'finding', 'reproduce', 'hint', 'text', 'message', 'name', 'command', 'subject', 'branch', 'file', 'owner', 'reason', 'to', 'why', 'service'].includes(key) && typeof value === 'string' ? hostile.slice(0, key === 'service' ? 150 : undefined) : value
))))

/** Throws for text that is no well-formed XML, and gives its elements. */
function elementsOf(xml: string): { readonly name: string; readonly attributes: string }[] {
  const open: string[] = []
  const seen: { name: string; attributes: string }[] = []
  const body = xml.replace(/^<\?xml[^>]*\?>/, '')
  // oxlint-disable-next-line no-control-regex -- what XML allows nowhere
  if (/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/.test(xml) || !xml.isWellFormed() || xml.includes(']]>')) throw new Error('a character that XML does not allow')
  const token = /<(\/?)([a-zA-Z-]+)((?: [a-z]+="[^"<]*")*)(\/?)>|[^<]+/gy
  let end = 0
  for (const [text, close, name, attributes = '', empty] of body.matchAll(token)) {
    end += text.length
    if (/&(?!(?:amp|lt|gt|quot|#39);)/.test(text)) throw new Error(`a loose ampersand in ${text}`)
    if (name === undefined) continue
    if (close === '/' && open.pop() !== name) throw new Error(`${name} is not what was open`)
    if (close === '') seen.push({ name, attributes })
    if (close === '' && empty === '') open.push(name)
  }
  if (end !== body.length || open.length > 0) throw new Error(`not well-formed at ${body.slice(end, end + 80)}`)
  return seen
}

test('JUnit XML is well-formed whatever was printed, and counts what it holds', () => {
  for (const sample of [hostileRun, blockedVerification(), verification()]) {
    const seen = elementsOf(junitReport(sample))
    const count = (name: string): number => seen.filter((element) => element.name === name).length
    expect(seen[0]?.attributes).toContain(`tests="${count('testcase')}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`)
  }
})

test('JUnit XML keeps flaky, unknown and quarantined apart from failed', () => {
  const names = elementsOf(junitReport(blockedVerification())).map(({ name }) => name)
  expect(names.filter((name) => name === 'flakyFailure')).toHaveLength(1)
  expect(names.filter((name) => name === 'error')).toHaveLength(1)
  expect(junitReport(blockedVerification())).toContain('<skipped message="Quarantined until 2026-01-14 by lena: the index is rebuilt')
})

// The rules of the published schema, version 1.0.0, for the fields that are written; strict, as it is.
const whole = z.number().int()
const ctrfStatus = z.enum(['passed', 'failed', 'skipped', 'pending', 'other'])
const ctrfSchema = z.strictObject({
  reportFormat: z.literal('CTRF'), specVersion: z.string().regex(/^[0-9]+\.[0-9]+\.[0-9]+$/), reportId: z.uuid(), timestamp: z.iso.datetime(), generatedBy: z.string(),
  results: z.strictObject({
    tool: z.strictObject({ name: z.string().min(1), version: z.string().optional() }),
    summary: z.strictObject({ tests: whole, passed: whole, failed: whole, skipped: whole, pending: whole, other: whole, flaky: whole, suites: whole, start: whole, stop: whole, duration: whole, extra: z.object({}) }),
    tests: z.array(z.strictObject({ name: z.string().min(1), status: ctrfStatus, duration: whole, start: whole, stop: whole, suite: z.array(z.string()).min(1), message: z.string().optional(), trace: z.string().optional(), rawStatus: z.string().optional(), tags: z.array(z.string()).optional(), filePath: z.string().optional(), retries: whole.optional(), flaky: z.boolean().optional() })),
    environment: z.strictObject({ appName: z.string(), testEnvironment: z.string(), commit: z.string().optional(), branchName: z.string().optional(), extra: z.object({}) }),
  }),
})

test('CTRF holds to its published schema, and its summary counts its tests', () => {
  for (const sample of [hostileRun, blockedVerification(), verification()]) {
    const { results: { summary, tests } } = ctrfSchema.parse(JSON.parse(ctrfReport(sample)))
    for (const status of ctrfStatus.options) expect(summary[status]).toBe(tests.filter((each) => each.status === status).length)
    expect(summary.tests).toBe(tests.length)
    expect(summary.flaky).toBe(tests.filter(({ flaky }) => flaky === true).length)
  }
})

test('no text becomes a tag of the page, and the page names no address outside itself', () => {
  const page = htmlReport(hostileRun, new Map())
  expect(page).not.toMatch(/<img src=x|<script>alert|<details> |<b>/)
  expect(page.match(/<script/g)).toHaveLength(1)
  expect(page.match(/(?:src|href)="(?!#|\.\/|data:)[^"]*"/g)).toBeNull()
  expect(page).toContain(`default-src 'none'`.replaceAll("'", '&#39;'))
  // oxlint-disable-next-line no-control-regex -- what must not be there
  expect(page).not.toMatch(/[\u0000-\u0008\u001B\u009B\u202E]/)
})

test('the page tells the verdict before anything else, and as loudly what was not checked', () => {
  const page = htmlReport(blockedVerification(), new Map())
  const order = ['<h1 id="verdict">Do not release storefront: 3 checks block it.', 'id="blocking"', '7 checks were not asked because of this', 'id="unknown"', 'id="not-checked"', 'Flaky: failed', 'Quarantined: did not pass', 'id="advice"', 'id="coverage"', 'id="timeline"', 'id="notices"'].map((text) => page.indexOf(text))
  expect(order).not.toContain(-1)
  expect(order).toEqual(order.toSorted((a, b) => a - b))
  expect(page).toMatch(/<article class="card" data-tone="warn"><header[^]*?Nobody looked at these 2/)
})

test('the page has the colours of the console', () => {
  const tokens = (text: string): string[] => [...text.matchAll(/--[a-z-]+: light-dark\([^)]*\)/g)].map(([token]) => token)
  const ofConsole = tokens(readFileSync(new URL('../../../../apps/console/src/app/globals.css', import.meta.url), 'utf8'))
  const own = tokens(htmlReport(verification(), new Map()))
  expect(own.length).toBeGreaterThan(10)
  expect(own.filter((token) => !ofConsole.includes(token))).toEqual([])
})

test('the summary has the marker first, and means nothing but text by what was printed', () => {
  const summary = summaryReport(hostileRun)
  expect(summary.startsWith(`${commentMarker('storefront')}\n`)).toBe(true)
  const outside = summary.replace(/^(`{3,})text\n[^]*?\n\1$/gm, '')
  expect(outside.match(/<!--/g)).toHaveLength(1)
  expect(outside).not.toMatch(/<script|<img|\]\(|!\[|@\w|(?<!&)#\d|https?:\/\/|www\./)
  expect(summary).toContain('\n````text\n')
})

test('the summary stays under the limit of a comment whatever is in it, ten failures first', () => {
  const many = blockedVerification({ checks: Array.from({ length: 60 }, (_, i) => asked(`web.check${i}`, 'web', { answers: Array.from({ length: 9 }, () => ({ is: 'fail' as const, finding: `${i} `.repeat(900), evidence: [{ title: 'log', text: '`|<@'.repeat(2_000) }] })) })) })
  const summary = summaryReport(many)
  expect(summary.length).toBeLessThan(summaryLimit)
  expect(summary).toContain('The rest does not fit here')
  const short = summaryReport(blockedVerification({ suites: [], checks: Array.from({ length: 12 }, (_, i) => asked(`web.check${i}`, 'web', { answers: [{ is: 'fail' }] })) }))
  expect(short.match(/^### Web pages: /gm)).toHaveLength(10)
  expect(short).toContain('And 2 more that block')
})

test('the critical path is the chain that the whole was as long as', () => {
  const { spans, totalMs, criticalMs } = timelineOf(verification({ endedAt: at(10_000), checks: [
    asked('a.one', 'health', { from: 1000, took: 2000 }), asked('a.two', 'health', { from: 1000, took: 500 }), asked('b.one', 'web', { from: 3000, took: 6000 }), asked('b.two', 'web', { from: 3000, took: 1000 }), asked('b.three', 'web', { from: 4000, took: 0, answers: [{ is: 'skipped' }] }),
  ] }))
  expect(spans.filter(({ isCritical }) => isCritical).map(({ title }) => title)).toEqual(['a.one holds', 'b.one holds'])
  expect(spans).toHaveLength(4)
  expect([totalMs, criticalMs]).toEqual([10_000, 8000])
})
