import type { Verdict } from '@plimsoll/model'
import type { Tone } from './tone.ts'

/** The one table of words for what a check can say. */
export const verdictWords: Readonly<Record<Verdict['is'], { readonly label: string; readonly tone: Tone }>> = {
  pass: { label: 'Passed', tone: 'good' },
  fail: { label: 'Failed', tone: 'bad' },
  inconclusive: { label: 'Inconclusive', tone: 'warn' },
  skipped: { label: 'Skipped', tone: 'quiet' },
}
