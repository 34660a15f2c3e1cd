import type { ReleaseState } from '@plimsoll/model'
import { releaseStateWords } from '../words/release-state-words.ts'
import { Mark } from './mark.tsx'
import { inkOf } from './tone-classes.ts'

/** What a release is, in one word with its mark. */
export function StateLabel({ state }: { state: ReleaseState }) {
  const { label, means, tone } = releaseStateWords[state]
  return (
    <span title={means} className={`inline-flex items-center gap-1.5 font-medium whitespace-nowrap ${inkOf[tone]}`}>
      <Mark tone={tone} />
      {label}
    </span>
  )
}
