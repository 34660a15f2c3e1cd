import { durationText, type Preview, type PreviewSettings } from '@plimsoll/model'
import type { Tone } from './tone.ts'

/** The one table of words for how previews stand. */
export const previewWords: Readonly<Record<Preview['state'], { readonly label: string; readonly means: string; readonly tone: Tone }>> = {
  making: { label: 'Being made', means: 'A release of it is under way.', tone: 'busy' },
  live: { label: 'Live', means: 'It can be looked at.', tone: 'good' },
  failed: { label: 'Failed', means: 'No release of it is live.', tone: 'bad' },
  ending: { label: 'Ending', means: 'It is being removed with all that it has.', tone: 'quiet' },
}

/** What it shows. */
export function previewSource({ pull, branch }: Pick<Preview, 'pull' | 'branch'>): string {
  return pull === null ? `branch ${branch ?? ''}` : `pull request ${pull}`
}

export function previewEnd({ state, expiresAt }: Pick<Preview, 'state' | 'expiresAt'>, now: number): string {
  if (state === 'ending') return 'is being removed'
  if (expiresAt === null) return 'is kept until it is ended'
  const left = Date.parse(expiresAt) - now
  return left <= 0 ? 'ends now' : `ends in ${durationText(left)}`
}

/** What everybody who looks at a preview has to know. */
export function previewSettingsSentence({ data, secrets }: Pick<PreviewSettings, 'data' | 'secrets'>): string {
  const databases = data === 'clone' ? 'Their databases begin as copies of the live ones, with everything personal that is in them.' : 'Their databases begin empty.'
  return `Throw-away apps from branches and pull requests. ${databases} ${secrets.length === 0 ? 'No value that was set for the app comes along.' : `Of the values that were set for the app come along: ${secrets.includes('*') ? 'all' : secrets.join(', ')}.`}`
}
