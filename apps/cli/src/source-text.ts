import type { Release } from '@plimsoll/model'
import { plainText } from './screen/printed-line.ts'

/** What was released, as a person tells it: `6f61611 "The shop opens"`, of which services it did not build the images, where it ran before, and that it was not proven. */
export function sourceText({ source, unproven }: Release): string {
  const given = Object.keys(source.images ?? {})
  return `${commitText(source)}${given.length === 0 ? '' : `, images given for ${given.join(', ')}`}${source.promotedFrom === undefined ? '' : `, as release ${source.promotedFrom.release} of ${source.promotedFrom.app}`}${unproven === undefined ? '' : ', unproven'}`
}

function commitText({ commit, dirty, subject }: Release['source']): string {
  if (commit === undefined) return 'the working tree (no commit)'
  return `${commit.slice(0, 7)}${dirty ? ' with uncommitted changes' : ''}${subject === undefined ? '' : ` "${plainText(subject)}"`}`
}
