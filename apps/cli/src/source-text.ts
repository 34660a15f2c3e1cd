import type { Release } from '@plimsoll/model'

/** What was released, as a person tells it: `6f61611 "The shop opens"`, and of which services it did not build the images. */
export function sourceText({ source }: Release): string {
  const given = Object.keys(source.images ?? {})
  return `${commitText(source)}${given.length === 0 ? '' : `, images given for ${given.join(', ')}`}`
}

function commitText({ commit, dirty, subject }: Release['source']): string {
  if (commit === undefined) return 'the working tree (no commit)'
  return `${commit.slice(0, 7)}${dirty ? ' with uncommitted changes' : ''}${subject === undefined ? '' : ` "${subject}"`}`
}
