import { errorCodes, type JournalEntry, type Outcome, type Problem, type Release } from '@plimsoll/model'
import { traceparentOf, type TracedSpan, type TracePoint, type Tracing } from './tracing.ts'

type Begin = Pick<Tracing, 'begin'>

/** Where a release stands: below whoever asked for it, or at the top of a trace of its own. */
export function releasePoint({ begin }: Begin, { app, number, startedAt, traceparent }: Release): TracePoint {
  return begin(traceparent, `release ${app} ${number} ${startedAt}`)
}

/** Where the `attempt`-th run of a step stands. Known before the step begins, so that what it starts can be told. */
export function stepPoint(tracing: Begin, release: Release, { step, attempt = 1 }: { readonly step: string; readonly attempt?: number }): TracePoint {
  const { app, number, startedAt } = release
  return tracing.begin(traceparentOf(releasePoint(tracing, release)), `release ${app} ${number} ${startedAt} ${step} ${attempt}`)
}

/**
 * All that a release did, as spans: itself, and a span for each run and each undo of a step. They follow from its journal and nothing else, so that
 * they are the same whoever tells them, and whatever died meanwhile.
 */
export function releaseSpans(tracing: Begin, release: Release, journal: readonly JournalEntry[]): TracedSpan[] {
  const { outcome, endedAt } = release
  if (outcome === undefined || endedAt === undefined) return []
  return [releaseSpan(tracing, release, { outcome, endedAt }), ...attemptsIn(journal).map((attempt) => stepSpan(tracing, release, attempt))]
}

function releaseSpan(tracing: Begin, release: Release, { outcome, endedAt }: { readonly outcome: Outcome; readonly endedAt: string }): TracedSpan {
  const { app, number, kind, source, startedAt, backTo, unproven } = release
  const problem = 'problem' in outcome ? outcome.problem : undefined
  return {
    at: releasePoint(tracing, release), name: `RUN ${kind} ${app}`, kind: 'server', startMs: Date.parse(startedAt), endMs: Date.parse(endedAt),
    attributes: {
      'cicd.pipeline.name': `${kind} ${app}`, 'cicd.pipeline.run.id': `${app}/${number}`, 'cicd.pipeline.action.name': 'RUN', 'cicd.pipeline.result': resultOf(outcome),
      'deployment.id': `${app}/${number}`, 'deployment.name': app, 'deployment.status': problem === undefined ? 'succeeded' : 'failed',
      'plimsoll.app': app, 'plimsoll.release': number, 'plimsoll.kind': kind, 'plimsoll.outcome': outcome.is,
      ...(source.commit !== undefined && { 'vcs.ref.head.revision': source.commit }),
      ...(source.branch !== undefined && { 'vcs.ref.head.name': source.branch }),
      ...(backTo !== undefined && { 'plimsoll.back_to': backTo }),
      ...(unproven !== undefined && { 'plimsoll.unproven': true }),
      ...(problem !== undefined && { 'error.type': problem.code }),
    },
    ...(problem !== undefined && { failed: problem.message }),
  }
}

/** One run of a step, or of its undo, over all the processes that had a part in it. */
interface Attempt {
  readonly step: string
  readonly is: 'run' | 'undo'
  /** Counts from 1. */
  readonly number: number
  readonly startedAt: string
  /** When another process, or this one after a pause, went on with it. */
  readonly resumedAt: readonly string[]
  readonly end: Extract<JournalEntry, { is: 'done' | 'failed' | 'undone' | 'undo-failed' }>
}

function attemptsIn(journal: readonly JournalEntry[]): Attempt[] {
  const open = new Map<string, Pick<Attempt, 'startedAt'> & { readonly resumedAt: string[] }>()
  const attempts: Attempt[] = []
  for (const entry of journal) {
    const is = entry.is.startsWith('undo') || entry.is === 'undoing' ? 'undo' : 'run'
    const key = `${is} ${entry.step}`
    const begun = open.get(key)
    if (entry.is === 'started' || entry.is === 'undoing') {
      if (begun === undefined) open.set(key, { startedAt: entry.at, resumedAt: [] })
      else begun.resumedAt.push(entry.at)
      continue
    }
    // A step that has no undo is written down as undone without having begun to be.
    if (begun === undefined) continue
    open.delete(key)
    const number = 1 + attempts.filter((other) => other.step === entry.step && other.is === is).length
    attempts.push({ step: entry.step, is, number, ...begun, end: entry })
  }
  return attempts
}

function stepSpan(tracing: Begin, release: Release, { step, is, number, startedAt, resumedAt, end }: Attempt): TracedSpan {
  const name = is === 'undo' ? `undo ${step}` : step
  const problem = 'problem' in end ? end.problem : undefined
  const title = release.steps.find((label) => label.name === step)?.title
  return {
    at: stepPoint(tracing, release, { step: name, attempt: number }), name, kind: 'internal', startMs: Date.parse(startedAt), endMs: Date.parse(end.at),
    attributes: {
      'cicd.pipeline.task.name': name, 'cicd.pipeline.task.run.id': `${release.app}/${release.number}/${name}/${number}`, 'cicd.pipeline.task.run.result': problem === undefined ? 'success' : resultBy(problem),
      'plimsoll.app': release.app, 'plimsoll.release': release.number, 'plimsoll.step': step, 'plimsoll.attempt': number,
      ...(title !== undefined && { 'plimsoll.step.title': title }),
      ...(problem !== undefined && { 'error.type': problem.code }),
    },
    ...(problem !== undefined && { failed: problem.message }),
    events: resumedAt.map((at) => ({ name: 'resumed', atMs: Date.parse(at) })),
  }
}

function resultOf(outcome: Outcome): string {
  if ('problem' in outcome) return resultBy(outcome.problem)
  return outcome.is === 'unchanged' ? 'skip' : 'success'
}

/** In the words of the conventions: `failure` is what was released, `error` what it was released on. */
export function resultBy({ code }: Pick<Problem, 'code'>): string {
  if (code === 'INTERRUPTED') return 'cancellation'
  const { exit } = errorCodes[code]
  const wentBack = exit >= errorCodes.ROLLED_BACK.exit && exit <= errorCodes.NEEDS_ATTENTION.exit
  return exit < errorCodes.PORT_TAKEN.exit || wentBack ? 'failure' : 'error'
}
