import type { ReleaseState } from '@plimsoll/model'
import { releaseStateWords } from '../words/release-state-words.ts'
import { ToneLabel } from './tone-label.tsx'

/** What a release is, in one word with its mark. */
export function StateLabel({ state }: { state: ReleaseState }) {
  return <ToneLabel words={releaseStateWords[state]} />
}
