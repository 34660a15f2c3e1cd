import type { Tone } from '../words/tone.ts'
import { Mark } from './mark.tsx'
import { inkOf } from './tone-classes.ts'

/** How something stands, in one word with its mark; what the word means shows on hover. */
export function ToneLabel({ words: { label, means, tone } }: { words: { readonly label: string; readonly means: string; readonly tone: Tone } }) {
  return (
    <span title={means} className={`inline-flex items-center gap-1.5 font-medium whitespace-nowrap ${inkOf[tone]}`}>
      <Mark tone={tone} />
      {label}
    </span>
  )
}
