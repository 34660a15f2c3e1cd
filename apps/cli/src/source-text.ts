import type { Release } from '@plimsoll/model'

/** What was released, as a person tells it: `6f61611 "The shop opens"`. */
export function sourceText({ source }: Release): string {
  const commit = source.commit?.slice(0, 7)
  if (commit === undefined) return 'the working tree (no commit)'
  return `${commit}${source.dirty ? ' with uncommitted changes' : ''}${source.subject === undefined ? '' : ` "${source.subject}"`}`
}
