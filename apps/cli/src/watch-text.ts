import { isWatching, type Release, type Watch, type WatchedService } from '@plimsoll/model'
import { durationText } from './screen/durations.ts'
import type { Painter } from './screen/painter.ts'
import { problemText } from './screen/problem-text.ts'

/** What happens to a release from now on, right after it has gone live. */
export function watchBegunText({ app, watch }: Release): string {
  if (watch?.state !== 'watching') return ''
  return `  Watched for ${durationText(watch.forMs)}: it goes back to release ${watch.previous} by itself if it does worse. See: plimsoll status --app ${app}\n`
}

/** One line while it goes on: how long it still takes, and what was seen last. */
export function watchLine({ number, watch }: Release, now: number): string {
  if (!isWatching(watch)) return ''
  if (watch.state === 'going-back') return `Release ${number} did worse: going back to release ${watch.previous}`
  const left = Math.max(0, Date.parse(watch.endsAt ?? '') - now)
  return `Watching release ${number} against release ${watch.previous} for ${durationText(left)} more: ${seenText(watch)}`
}

function seenText({ look }: Watch): string {
  if (look === undefined) return 'nothing seen yet'
  if (look.note !== undefined) return look.note
  return look.services.filter(({ is }) => is !== 'kept').map(serviceText).join('; ') || 'every service runs on as it was'
}

function serviceText({ service, finding }: WatchedService): string {
  return `${service}: ${finding}`
}

/** The truthful last words about a watch that has ended. */
export function watchEndText({ number, watch }: Release, paint: Painter): string {
  switch (watch?.state) {
    case 'passed': return `${paint(['green', 'bold'], '✓')} Release ${number} was watched for ${durationText(watch.forMs)} and stays: ${seenText(watch)}.\n`
    case 'ended': return watch.problem === undefined ? `${paint('yellow', '!')} The watch of release ${number} ended early: ${watch.look?.note ?? ''}.\n` : problemText(watch.problem, paint)
    case undefined: case 'waiting': case 'watching': case 'going-back': return ''
    case 'went-back': case 'needs-attention': return watch.problem === undefined ? '' : problemText(watch.problem, paint)
  }
}
