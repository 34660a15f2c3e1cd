import type { Verification } from '@plimsoll/model'
import type { Tone } from './tone.ts'

/** The one table of words for how a verification stands. */
export const verificationWords: Readonly<Record<Verification['state'], { readonly label: string; readonly means: string; readonly tone: Tone }>> = {
  running: { label: 'Under way', means: 'It is being asked in a throw-away copy.', tone: 'busy' },
  passed: { label: 'Passed', means: 'Nothing blocks: what was verified may be released.', tone: 'good' },
  blocked: { label: 'Blocked', means: 'At least one check says that users would meet a fault.', tone: 'bad' },
  unsure: { label: 'Not known', means: 'Nothing failed, and something that has to be known could not be found out.', tone: 'warn' },
  interrupted: { label: 'Interrupted', means: 'It was stopped before its end, and proves nothing.', tone: 'quiet' },
}
