import type { Release, WatchedService } from '@plimsoll/model'
import { elapsedOf } from '../words/duration.ts'

/** What the watch of a release does or has found, with its numbers; undefined where there is nothing to say. */
export function watchSentence({ watch }: Pick<Release, 'watch'>, now: number): string | undefined {
  switch (watch?.state) {
    case 'watching': return `Watched against release ${watch.previous}, ${leftOf(watch.endsAt, now)} more: ${watch.look?.note ?? seen(watch.look?.services)}.`
    case 'going-back': return `It did worse: traffic goes back to release ${watch.previous}.`
    case 'passed': return `Its watch found nothing: ${seen(watch.look?.services)}.`
    case 'ended': return `Its watch ended early: ${watch.look?.note ?? 'another release serves'}.`
    default: return undefined
  }
}

function seen(services: readonly WatchedService[] = []): string {
  const telling = services.filter(({ is }) => is !== 'kept')
  return telling.length === 0 ? 'nothing seen yet' : telling.map(({ service, finding }) => `${service}: ${finding}`).join('; ')
}

function leftOf(endsAt: string | undefined, now: number): string {
  return elapsedOf(Math.max(0, Date.parse(endsAt ?? '') - now))
}
