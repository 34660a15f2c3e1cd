import type { CutOff } from '@plimsoll/model'

/** What a cut-off did, in a sentence. */
export function cutOffText({ app, cutOff, ended }: CutOff): string {
  const what = cutOff === 1 ? 'Release 1' : `Release ${cutOff} and all before it`
  return `${what} of ${app} will not serve again; ${warmText(ended)}.\n`
}

function warmText(ended: CutOff['ended']): string {
  const [only, ...more] = ended.toSorted((one, other) => one - other)
  if (only === undefined) return 'no tab was pinned to any of them'
  return more.length === 0 ? `release ${only} was still warm and has ended` : `releases ${[only, ...more].join(', ')} were still warm and have ended`
}
