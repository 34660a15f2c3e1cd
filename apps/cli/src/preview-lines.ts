import type { Preview, PreviewSettings } from '@plimsoll/model'
import { agoText, durationText } from './screen/durations.ts'
import type { Painter } from './screen/painter.ts'
import { plainText } from './screen/printed-line.ts'

const colours: Readonly<Record<Preview['state'], Parameters<Painter>[0]>> = { live: 'green', making: 'cyan', failed: 'red', ending: 'dim' }

/** Each preview with its addresses, and when it ends. */
export function previewLines(previews: readonly Preview[], paint: Painter, now = Date.now()): string {
  return previews.map((preview) => {
    const { app, state, pull, branch, commit, updatedAt, why, addresses } = preview
    const what = pull === null ? `branch ${plainText(branch ?? '')}` : `pull request ${pull}`
    const lines = [
      `${paint('bold', app)}  ${paint(colours[state], state)}  ${what}${commit === null ? '' : `, commit ${commit.slice(0, 7)}`}, ${agoText(updatedAt, now)}, ${endText(preview, now)}`,
      ...addresses.map(({ service, url }) => `  ${service}  ${paint('cyan', url)}`),
      ...(why === null ? [] : [`  ${paint('red', plainText(why))}`]),
    ]
    return `${lines.join('\n')}\n`
  }).join('')
}

function endText({ state, expiresAt }: Preview, now: number): string {
  if (state === 'ending') return 'is being removed'
  if (expiresAt === null) return 'is kept until it is ended'
  const left = Date.parse(expiresAt) - now
  return left <= 0 ? 'ends now' : `ends in ${durationText(left)}`
}

/** What the databases of a preview hold, so that nobody shows it to whom it is not for. */
export function clonedText({ data, of }: Preview): string {
  return data === 'clone' ? `Its databases begin as a copy of those of ${of}: what is personal there is in it, too.` : 'Its databases begin empty.'
}

/** How previews are made. */
export function previewSettingsText({ data, secrets, forks, verify, limit, whenFull, expireAfterDays }: PreviewSettings): string {
  const rows: readonly (readonly [string, string])[] = [
    ['Databases', data === 'clone' ? 'begin as a copy of the app’s own, with all that is in them' : 'begin empty'],
    ['Secrets', secrets.length === 0 ? 'none that was set for the app comes along' : `${secrets.join(', ')} ${secrets.length === 1 && secrets[0] !== '*' ? 'comes' : 'come'} along`],
    ['Forks', forks ? 'have previews too: a stranger’s code reads what is in the databases' : 'have no previews'],
    ['Proof', verify ? 'each release is proven in a throw-away copy first' : 'none before a release'],
    ['At once', `${limit}; ${whenFull === 'refuse' ? 'the next one is refused' : 'for the next one the oldest is ended'}`],
    ['End', `${expireAfterDays} days after the last commit, where previews.expireAfterDays does not say`],
  ]
  return rows.map(([name, text]) => `  ${name.padEnd(10)}  ${text}\n`).join('')
}
