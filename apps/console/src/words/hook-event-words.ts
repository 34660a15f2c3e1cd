import type { HookEvent } from '@plimsoll/model'
import type { Tone } from './tone.ts'

/** The one table of words for what came of what a repository said. */
export const hookEventWords: Readonly<Record<HookEvent['is'], { readonly label: string; readonly means: string; readonly tone: Tone }>> = {
  waiting: { label: 'Waiting', means: 'It is done after what is being done for this app now.', tone: 'quiet' },
  working: { label: 'Under way', means: 'It is being done.', tone: 'busy' },
  done: { label: 'Done', means: 'The release has begun, or the verification has ended.', tone: 'good' },
  failed: { label: 'Failed', means: 'It could not be done.', tone: 'bad' },
  ignored: { label: 'Ignored', means: 'Nothing is to be done about it.', tone: 'quiet' },
  superseded: { label: 'Superseded', means: 'Something newer about the same came before it was done.', tone: 'quiet' },
}
