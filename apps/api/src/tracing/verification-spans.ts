import { blocks, type AskedCheck, type Verification } from '@plimsoll/model'
import { resultBy } from './release-spans.ts'
import { traceparentOf, type TracedSpan, type TracePoint, type Tracing } from './tracing.ts'

/** Where a verification stands: below whoever asked for it, the step of a release too. */
export function verificationPoint({ begin }: Pick<Tracing, 'begin'>, { id }: Pick<Verification, 'id'>, traceparent: string | undefined): TracePoint {
  return begin(traceparent, `verification ${id}`)
}

/** A verification that has come to its end, as spans: itself, each check, and each suite that it ran. */
export function verificationSpans(tracing: Pick<Tracing, 'begin'>, record: Verification, traceparent: string | undefined): TracedSpan[] {
  const { id, app, place, source, state, startedAt, endedAt, problem, checks, suites } = record
  if (endedAt === undefined) return []
  const at = verificationPoint(tracing, record, traceparent)
  const below = (name: string): TracePoint => tracing.begin(traceparentOf(at), `verification ${id} ${name}`)
  const failed = problem?.message ?? (state === 'passed' ? undefined : state)
  return [
    {
      at, name: `RUN verify ${app}`, kind: 'server', startMs: Date.parse(startedAt), endMs: Date.parse(endedAt), ...(failed !== undefined && { failed }),
      attributes: {
        'cicd.pipeline.name': `verify ${app}`, 'cicd.pipeline.run.id': `${app}/${id}`, 'cicd.pipeline.action.name': 'RUN', 'cicd.pipeline.result': resultOf(record),
        'plimsoll.app': app, 'plimsoll.place': place, 'plimsoll.verification': id, 'plimsoll.outcome': state,
        ...(source.commit !== undefined && { 'vcs.ref.head.revision': source.commit }),
        ...(source.branch !== undefined && { 'vcs.ref.head.name': source.branch }),
        ...(failed !== undefined && { 'error.type': problem?.code ?? state }),
      },
    },
    ...checks.map((check) => checkSpan(below(check.id), record, check)),
    ...suites.map(({ name, is, tests, ...run }): TracedSpan => ({
      at: below(`suite ${name}`), name: `suite ${name}`, kind: 'internal', startMs: Date.parse(run.startedAt), endMs: Date.parse(run.startedAt) + run.tookMs,
      attributes: { 'test.suite.name': name, 'test.suite.run.status': suiteStatus[is], 'plimsoll.app': app, 'plimsoll.verification': id, 'plimsoll.suite.tests': tests.length },
      ...((is === 'failed' || is === 'broken') && { failed: run.problem ?? is }),
    })),
  ]
}

const suiteStatus = { passed: 'success', failed: 'failure', broken: 'aborted', skipped: 'skipped' } as const

function checkSpan(at: TracePoint, { id, app }: Verification, { id: check, title, concern, startedAt, tookMs, verdicts }: AskedCheck): TracedSpan {
  const blocking = verdicts.filter(blocks)
  const unsure = verdicts.filter(({ is, weight }) => is === 'inconclusive' && weight !== 'advice')
  const result = blocking.length > 0 ? 'failure' : unsure.length > 0 ? 'error' : verdicts.length > 0 && verdicts.every(({ is }) => is === 'skipped') ? 'skip' : 'success'
  const startMs = Date.parse(startedAt)
  return {
    at, name: check, kind: 'internal', startMs, endMs: startMs + tookMs,
    attributes: {
      'cicd.pipeline.task.name': check, 'cicd.pipeline.task.run.id': `${app}/${id}/${check}`, 'cicd.pipeline.task.type': 'test', 'cicd.pipeline.task.run.result': result,
      'plimsoll.app': app, 'plimsoll.verification': id, 'plimsoll.check.title': title, 'plimsoll.check.concern': concern, 'plimsoll.check.verdicts': verdicts.length, 'plimsoll.check.blocking': blocking.length,
      ...(result === 'failure' && { 'error.type': 'CHECKS_FAILED' }),
      ...(result === 'error' && { 'error.type': 'UNPROVEN' }),
    },
    ...(result === 'failure' && { failed: blocking.map(({ finding }) => finding).join('; ') }),
    ...(result === 'error' && { failed: unsure.map(({ finding }) => finding).join('; ') }),
  }
}

function resultOf({ state, problem }: Verification): string {
  if (state === 'interrupted') return 'cancellation'
  if (state === 'passed') return 'success'
  if (problem !== undefined) return resultBy(problem)
  return state === 'blocked' ? 'failure' : 'error'
}
