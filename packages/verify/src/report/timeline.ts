import { blocks, type Concern, type Verification } from '@plimsoll/model'

/** One thing that took time, in milliseconds since the verification began. */
export interface Span {
  readonly title: string
  readonly concern: Concern
  readonly fromMs: number
  readonly tookMs: number
  readonly is: 'passed' | 'blocks' | 'other'
  /** Had it been faster, the whole would have been. */
  readonly isCritical: boolean
}

export interface Timeline {
  /** By when they began. */
  readonly spans: readonly Span[]
  readonly totalMs: number
  /** How much of the total the critical spans are; the rest went into builds, copies and waiting. */
  readonly criticalMs: number
}

/** When everything ran, and the chain of things, each begun when the one before it ended, that the whole was as long as. */
export function timelineOf({ startedAt, endedAt, checks, suites }: Verification): Timeline {
  const zero = Date.parse(startedAt)
  const spans = [
    ...checks.filter(({ verdicts, tookMs }) => tookMs > 0 || verdicts.some(({ is }) => is !== 'skipped')).map(({ title, concern, startedAt: began, tookMs, verdicts }) => (
      { title, concern, fromMs: Date.parse(began) - zero, tookMs, is: verdicts.some(blocks) ? 'blocks' : verdicts.every(({ is }) => is === 'pass') ? 'passed' : 'other' } as const
    )),
    ...suites.filter(({ is }) => is !== 'skipped').map(({ name, startedAt: began, tookMs, is }) => (
      { title: `Suite ${name}`, concern: 'suites', fromMs: Date.parse(began) - zero, tookMs, is: is === 'passed' ? 'passed' : 'blocks' } as const
    )),
  ].toSorted((a, b) => a.fromMs - b.fromMs || b.tookMs - a.tookMs)
  const critical = new Set(criticalOf(spans))
  const totalMs = Math.max(endedAt === undefined ? 0 : Date.parse(endedAt) - zero, ...spans.map(endOf), 0)
  return { spans: spans.map((span) => ({ ...span, isCritical: critical.has(span) })), totalMs, criticalMs: [...critical].reduce((sum, { tookMs }) => sum + tookMs, 0) }
}

interface Stretch {
  readonly fromMs: number
  readonly tookMs: number
}

/** From the last end backwards: what ended last before it began, for that is what it waited for, be it an answer or a free place. */
function criticalOf<T extends Stretch>(spans: readonly T[]): readonly T[] {
  const chain: T[] = []
  let next = latest(spans)
  while (next !== undefined) {
    chain.unshift(next)
    const { fromMs } = next
    next = latest(spans.filter((span) => !chain.includes(span) && endOf(span) <= fromMs))
  }
  return chain
}

function latest<T extends Stretch>(spans: readonly T[]): T | undefined {
  return spans.reduce<T | undefined>((best, span) => (best === undefined || endOf(span) > endOf(best) ? span : best), undefined)
}

function endOf({ fromMs, tookMs }: Stretch): number {
  return fromMs + tookMs
}
