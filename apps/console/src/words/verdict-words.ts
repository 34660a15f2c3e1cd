import type { Verdict } from '@plimsoll/model'
import type { Tone } from './tone.ts'

/** The word for what a check says; what only advises is no failure. */
export function wordsOf({ is, weight }: Pick<Verdict, 'is' | 'weight'>): (typeof verdictWords)[Verdict['is']] {
  return weight === 'advice' && is !== 'pass' && is !== 'skipped' ? { label: 'Advice', tone: 'warn' } : verdictWords[is]
}

const verdictWords: Readonly<Record<Verdict['is'], { readonly label: string; readonly tone: Tone }>> = {
  pass: { label: 'Passed', tone: 'good' },
  fail: { label: 'Failed', tone: 'bad' },
  inconclusive: { label: 'Inconclusive', tone: 'warn' },
  skipped: { label: 'Skipped', tone: 'quiet' },
}
