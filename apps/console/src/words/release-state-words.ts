import type { ReleaseState } from '@plimsoll/model'
import type { Tone } from './tone.ts'

export interface StateWords {
  readonly label: string
  /** What it means to somebody who sees the label for the first time. */
  readonly means: string
  readonly tone: Tone
}

/** The one table of words for what a release can be. */
export const releaseStateWords: Readonly<Record<ReleaseState, StateWords>> = {
  releasing: { label: 'Releasing', means: 'On its way. Not finished yet.', tone: 'busy' },
  live: { label: 'Live', means: 'Serves everyone.', tone: 'good' },
  previous: { label: 'Warm', means: 'Still running beside the live release: going back to it takes a moment.', tone: 'quiet' },
  retired: { label: 'Retired', means: 'Served once. Stopped since.', tone: 'quiet' },
  undone: { label: 'Undone', means: 'Failed, and all that it did was taken back.', tone: 'warn' },
  unchanged: { label: 'Nothing new', means: 'Was the same as what is live, so nothing was released.', tone: 'quiet' },
  completed: { label: 'Went back', means: 'Did its work: the release that it went back to serves everyone, or did for a while.', tone: 'quiet' },
  stuck: { label: 'Needs attention', means: 'Could neither be finished nor be taken back. Releasing again begins from what is there.', tone: 'bad' },
}
