import type { Measure } from '@plimsoll/model'
import type { Tone } from './tone.ts'

/** How a figure stands against what it is held against. */
export const barWords: Readonly<Record<NonNullable<Measure['holds']>, { readonly label: string; readonly means: string; readonly tone: Tone }>> = {
  'yes': { label: 'holds', means: 'What was seen shows that the bar is held', tone: 'good' },
  'no': { label: 'missed', means: 'What was seen is beyond the bar', tone: 'bad' },
  'not known': { label: 'not known yet', means: 'Too little was seen to say', tone: 'quiet' },
}
