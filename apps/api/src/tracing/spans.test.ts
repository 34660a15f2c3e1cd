import { releaseSchema, verificationSchema, type JournalEntry } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { releasePoint, releaseSpans, stepPoint } from './release-spans.ts'
import type { Tracing } from './tracing.ts'
import { verificationSpans } from './verification-spans.ts'

/** Ids that can be read: the seed itself. */
const tracing: Pick<Tracing, 'begin'> = { begin: (parent, seed = '') => ({ traceId: parent?.split('-')[1] ?? seed.replaceAll('-', '_'), spanId: seed.replaceAll('-', '_'), parentSpanId: parent?.split('-')[2], sampled: true }) }
const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString()
const source = { root: '/repo', blueprint: 'render.yaml', dirty: false, commit: 'c'.repeat(40), branch: 'main' }
const problem = { code: 'BUILD_FAILED' as const, message: 'it does not compile' }
const release = (more: object = {}) => releaseSchema.parse({ app: 'shop', number: 7, kind: 'release', state: 'live', source, steps: [{ name: 'build', title: 'Build what changed' }], startedAt: at(0), endedAt: at(9), outcome: { is: 'completed' }, ...more })

test('a step that one process began and another one ended is one span, from its first beginning to its end', () => {
  const journal: JournalEntry[] = [{ is: 'started', step: 'build', at: at(1) }, { is: 'started', step: 'build', at: at(5) }, { is: 'done', step: 'build', at: at(8), gives: {} }]
  const [whole, build, ...more] = releaseSpans(tracing, release(), journal)
  expect(more).toEqual([])
  expect(build).toMatchObject({ name: 'build', startMs: Date.parse(at(1)), endMs: Date.parse(at(8)), events: [{ name: 'resumed', atMs: Date.parse(at(5)) }], attributes: { 'plimsoll.step.title': 'Build what changed' } })
  expect(build?.at).toEqual(stepPoint(tracing, release(), { step: 'build' }))
  expect(build?.at.parentSpanId).toBe(whole?.at.spanId)
})

test('every run of a step and of its undo has a span of its own', () => {
  const journal: JournalEntry[] = [
    { is: 'started', step: 'build', at: at(1) }, { is: 'failed', step: 'build', at: at(2), problem },
    { is: 'undoing', step: 'build', at: at(3) }, { is: 'undo-failed', step: 'build', at: at(4), problem: { code: 'DISK_FULL', message: 'full' } },
    { is: 'undoing', step: 'build', at: at(5) }, { is: 'undone', step: 'build', at: at(6) }, { is: 'undone', step: 'plan', at: at(6) },
  ]
  const [whole, ...steps] = releaseSpans(tracing, release({ state: 'undone', outcome: { is: 'undone', at: 'build', problem } }), journal)
  expect(whole).toMatchObject({ failed: 'it does not compile', attributes: { 'cicd.pipeline.result': 'failure', 'error.type': 'BUILD_FAILED' } })
  expect(steps.map(({ name, attributes }) => [name, attributes['plimsoll.attempt'], attributes['cicd.pipeline.task.run.result']])).toEqual([['build', 1, 'failure'], ['undo build', 1, 'error'], ['undo build', 2, 'success']])
  expect(new Set(steps.map(({ at: { spanId } }) => spanId)).size).toBe(3)
})

test('a release stands below whoever asked for it, also when it is told again by another process', () => {
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
  expect(releasePoint(tracing, release({ traceparent }))).toMatchObject({ traceId: 'a'.repeat(32), parentSpanId: 'b'.repeat(16) })
  expect(releasePoint(tracing, release({ traceparent, state: 'retired' }))).toEqual(releasePoint(tracing, release({ traceparent })))
})

test('a verification has a span for each check, by what came of it', () => {
  const check = (id: string, is: string, more: object = {}) => ({ id, title: id, concern: 'web', startedAt: at(1), tookMs: 1_500, after: [], verdicts: [{ check: id, is, finding: `${id} was asked`, tookMs: 1, ...more }] })
  const record = verificationSchema.parse({
    version: 1, id: 'v1', app: 'shop', place: 'process', source, blueprint: `sha256:${'a'.repeat(64)}`, state: 'blocked', startedAt: at(0), endedAt: at(4), artifacts: [], seed: 1, directory: '/nowhere',
    checks: [check('good', 'pass'), check('bad', 'fail'), check('advice', 'fail', { weight: 'advice' }), check('unsure', 'inconclusive'), check('skipped', 'skipped')],
    suites: [{ name: 'shopping', command: 'npm test', is: 'failed', startedAt: at(2), tookMs: 500, tests: [], log: [] }],
  })
  const [whole, ...below] = verificationSpans(tracing, record, undefined)
  expect(whole).toMatchObject({ name: 'RUN verify shop', attributes: { 'cicd.pipeline.result': 'failure', 'plimsoll.outcome': 'blocked' } })
  expect(below.map(({ name, attributes }) => [name, attributes['cicd.pipeline.task.run.result'] ?? attributes['test.suite.run.status']])).toEqual([['good', 'success'], ['bad', 'failure'], ['advice', 'success'], ['unsure', 'error'], ['skipped', 'skip'], ['suite shopping', 'failure']])
  expect(below[0]).toMatchObject({ startMs: Date.parse(at(1)), endMs: Date.parse(at(1)) + 1_500, at: { parentSpanId: whole?.at.spanId } })
})
