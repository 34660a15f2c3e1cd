import { errorCodes, type AppView, type Release } from '@plimsoll/model'
import { durationText } from './screen/durations.ts'
import type { Painter } from './screen/painter.ts'
import { problemText } from './screen/problem-text.ts'

/** The truthful last words about a release that has settled. `app` is how it stands now. */
export function outcomeText(release: Release, app: AppView, paint: Painter): string {
  const { outcome } = release
  const took = release.endedAt === undefined ? '' : ` in ${durationText(Date.parse(release.endedAt) - Date.parse(release.startedAt))}`
  const live = app.live === null ? 'nothing is live' : `release ${app.live.number} is live`
  if (outcome === undefined) return `${paint('yellow', '!')} Release ${release.number} of ${release.app} has not ended; ${live}. Go on with it: plimsoll up\n`
  switch (outcome.is) {
    case 'completed':
      return release.kind === 'rollback'
        ? `${paint(['green', 'bold'], '✓')} ${release.app} is back on release ${release.backTo}${took}.\n`
        : `${paint(['green', 'bold'], '✓')} Release ${release.number} of ${release.app} is live${took}.\n`
    case 'unchanged':
      return `${paint(['green', 'bold'], '✓')} Nothing is new: ${live}${took}.\n`
    case 'undone':
      return `${problemText(outcome.problem, paint)}  Release ${release.number} was taken back at "${titleOf(release, outcome.at)}"; ${live}.\n`
    case 'stuck':
      return `${problemText(outcome.problem, paint)}  Release ${release.number} is stuck at "${titleOf(release, outcome.at)}" and needs attention; ${live}.\n  Try it again: plimsoll up\n`
  }
}

/** 0 only for what is true as asked. */
export function exitStatusOf({ outcome }: Release): number {
  if (outcome === undefined) return errorCodes.API_UNREACHABLE.exit
  return outcome.is === 'completed' || outcome.is === 'unchanged' ? 0 : errorCodes[outcome.problem.code].exit
}

/** Public addresses, one a line. */
export function addressText(app: AppView, paint: Painter): string {
  const reachable = app.services.filter(({ url }) => url !== undefined)
  if (reachable.length === 0) return ''
  const width = Math.max(...reachable.map(({ service }) => service.length))
  return `${reachable.map(({ service, url, namedUrl }) => `  ${service.padEnd(width)}  ${paint('cyan', url ?? '')}  ${paint('dim', namedUrl ?? '')}`).join('\n')}\n`
}

function titleOf(release: Release, name: string): string {
  return release.steps.find((step) => step.name === name)?.title ?? name
}
