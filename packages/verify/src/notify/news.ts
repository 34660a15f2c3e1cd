import { storyOf, type Verification, type VerificationStory } from '@plimsoll/model'

/** The turn that a verification took, which makes it worth a message: something is other than it was. */
export type Turn = 'blocked' | 'recovered' | 'unsure'

export interface News {
  readonly turn: Turn
  readonly verification: Verification
  readonly story: VerificationStory
  /** One sentence that says all. */
  readonly headline: string
  /** Where the report can be read, where there is such a place. */
  readonly link: string | undefined
}

/** How one settled verification differs from the one before it; undefined where it does not, or has not settled. `previous`: undefined before the first. */
export function turnOf(previous: Verification['state'] | undefined, state: Verification['state']): Turn | undefined {
  if (state === previous) return undefined
  if (state === 'blocked' || state === 'unsure') return state
  return state === 'passed' && (previous === 'blocked' || previous === 'unsure') ? 'recovered' : undefined
}

export function newsOf(verification: Verification, turn: Turn, link: string | undefined): News {
  const story = storyOf(verification)
  return { turn, verification, story, link, headline: turn === 'recovered' ? `${verification.app} has recovered: it may be released again.` : story.sentence }
}

/** What it is about, in a line of text. */
export function aboutText({ source, place, id }: Verification): string {
  const commit = source.commit === undefined ? 'working tree' : `${source.commit.slice(0, 7)}${source.dirty ? ' with uncommitted changes' : ''}`
  return [commit, ...(source.branch === undefined ? [] : [source.branch]), place, `verification ${id}`].join(' · ')
}
