import type { Release } from '@plimsoll/model'
import type { Tone } from '../words/tone.ts'
import { touchedData, type TimelineStep } from './timeline.ts'
import { servingNumber, type Traffic } from './who-serves.ts'

/** How a release stands, for somebody who asks first of all: what do users get right now? */
export interface Standing {
  readonly headline: string
  readonly assurance: readonly string[]
  /** Why it came to this, where something went wrong. */
  readonly why?: string
  readonly tone: Tone
}

export interface Facts {
  readonly release: Release
  readonly timeline: readonly TimelineStep[]
  /** The release that was live before: null for the first, undefined where it is not known. */
  readonly before: number | null | undefined
}

/** Who gets what, in one sentence. */
export function whoServes({ traffic, release, before, timeline }: Facts & { readonly traffic: Traffic }): string {
  const now = `Release ${servingNumber(release)}`
  const then = typeof before === 'number' ? `release ${before}` : 'what was live before'
  switch (traffic) {
    case 'before': return before === null ? 'Nothing is served yet: this is the first release.' : `${capital(then)} serves everyone. ${touchedData(timeline) ? 'No traffic has moved.' : 'Nothing has changed for users.'}`
    case 'shared': return `${capital(then)} serves most visitors, ${now.toLowerCase()} a share of them.`
    case 'moving': return 'All traffic is being switched, in one instant.'
    case 'after': return `${now} serves everyone now.`
    case 'moving-back': return before === null ? 'Traffic is being taken off again.' : `Traffic is going back to ${then}.`
    case 'back': return before === null ? 'Nothing is served, as before.' : `${capital(then)} serves everyone again.`
    case 'unknown': return 'The switch itself failed: look at the live release before anything else.'
  }
}

export function nameOf({ kind, number, backTo }: Release): string {
  return kind === 'rollback' && backTo !== undefined ? `Going back to release ${backTo}` : `Release ${number}`
}

/** By a person, who needs not be told why it failed. */
export function wasStopped(code: string | undefined): boolean {
  return code === 'INTERRUPTED'
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
