import { errorCodes, isWatching, type AppView, type Problem, type Release } from '@plimsoll/model'
import { durationText } from './screen/durations.ts'
import type { Painter } from './screen/painter.ts'
import { problemText } from './screen/problem-text.ts'
import { watchBegunText } from './watch-text.ts'

/** The truthful last words about a release that has settled. `app` is how it stands now. */
export function outcomeText(release: Release, app: AppView, paint: Painter): string {
  const { outcome } = release
  const took = release.endedAt === undefined ? '' : ` in ${durationText(Date.parse(release.endedAt) - Date.parse(release.startedAt))}`
  const live = app.live === null ? 'no release is live' : `release ${app.live.number} is live`
  if (outcome === undefined) return `${paint('yellow', '!')} Release ${release.number} of ${release.app} has not ended; ${live}. See what it does: plimsoll status --app ${release.app} --release ${release.number}\n`
  switch (outcome.is) {
    case 'completed':
      return release.kind === 'rollback'
        ? `${paint(['green', 'bold'], '✓')} ${release.app} is back on release ${release.backTo}${took}.\n`
        : `${paint(['green', 'bold'], '✓')} Release ${release.number} of ${release.app} is live${took}.\n${keptText(release, app)}${watchBegunText(release)}`
    case 'rolled-back':
      return `${problemText(outcome.problem, paint)}  Release ${release.number} went back by itself; ${live}.\n`
    case 'unchanged':
      return `${paint(['green', 'bold'], '✓')} Nothing is new: ${live}${took}.\n`
    case 'undone':
      return `${problemText(outcome.problem, paint)}  Release ${release.number} was taken back at "${titleOf(release, outcome.at)}"; ${live}.\n${afterUndo(release, outcome)}`
    case 'stuck':
      return `${problemText(outcome.problem, paint)}  Release ${release.number} is stuck at "${titleOf(release, outcome.at)}" and needs attention; ${live}.\n  Try it again: plimsoll release ${release.source.root} --app ${release.app}\n`
  }
}

/** Which services the release left as they were. */
function keptText({ number }: Release, { services }: AppView): string {
  const kept = services.filter(({ instances }) => instances.length > 0 && instances.every(({ unit }) => unit.release < number)).map(({ service }) => service)
  if (kept.length === 0) return ''
  return kept.length === 1 ? `  ${kept[0] ?? ''} runs on: nothing of it has changed.\n` : `  ${kept.slice(0, -1).join(', ')} and ${kept.at(-1) ?? ''} run on: nothing of them has changed.\n`
}

/** 0 only for what is true as asked. */
export function exitStatusOf({ outcome, watch }: Release): number {
  if (outcome === undefined) return errorCodes.API_UNREACHABLE.exit
  if (watch?.problem !== undefined && !isWatching(watch)) return errorCodes[watch.problem.code].exit
  return outcome.is === 'completed' || outcome.is === 'unchanged' ? 0 : errorCodes[outcome.problem.code].exit
}

/** Public addresses, one a line. */
export function addressText(app: AppView, paint: Painter): string {
  const reachable = app.services.filter(({ url }) => url !== undefined)
  if (reachable.length === 0) return ''
  const width = Math.max(...reachable.map(({ service }) => service.length))
  return `${reachable.map(({ service, url, namedUrl }) => `  ${service.padEnd(width)}  ${paint('cyan', url ?? '')}  ${paint('dim', namedUrl ?? '')}`).join('\n')}\n`
}

/** What the undo of a release leaves to know. */
function afterUndo({ app, number, steps }: Release, { at, problem }: { readonly at: string; readonly problem: Problem }): string {
  const cameTo = steps.findIndex(({ name }) => name === at)
  const data = steps.findIndex(({ moment }) => moment === 'data')
  // The problem of a failed pre-deploy command says it better, since it names the command.
  const stays = data >= 0 && cameTo >= data && problem.code !== 'MIGRATION_FAILED' ? '  If a pre-deploy command changed data, that stays changed.\n' : ''
  const checks = problem.code === 'CHECKS_FAILED' ? `  See every check: plimsoll status --app ${app} --release ${number}\n` : ''
  return `${stays}${checks}`
}

function titleOf(release: Release, name: string): string {
  return release.steps.find((step) => step.name === name)?.title ?? name
}
