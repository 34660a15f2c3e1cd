import { faultKinds } from './fault.ts'
import type { Judgement } from './judge.ts'

/** The judgement as text: one line of counts, then the examples, for people who must find the cause. */
export function renderJudgement(judgement: Judgement): string {
  const { held, counts, examples, gaps, arrivals, lateness } = judgement
  const total = Object.values(arrivals).reduce((sum, count) => sum + count, 0)
  const found = faultKinds.filter((kind) => counts[kind] > 0)
  return [
    `${held ? 'HELD' : 'NOT HELD'}: ${total} arrivals, ${found.length === 0 ? 'no fault' : found.map((kind) => `${counts[kind]} ${kind}`).join(', ')}`,
    `  arrivals: ${Object.entries(arrivals).map(([kind, count]) => `${kind} ${count}`).join(', ')}`,
    `  generator late by p50 ${lateness.p50} ms, p99 ${lateness.p99} ms, max ${lateness.max} ms`,
    ...gaps.map((gap) => `  proves nothing: ${gap}`),
    ...found.flatMap((kind) => examples[kind].map(({ arrival, detail, at }) => `  ${kind} ${arrival} at ${Math.round(at)}: ${detail}`)),
  ].join('\n')
}
