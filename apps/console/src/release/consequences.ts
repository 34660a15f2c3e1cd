import type { TimelineStep } from './timeline.ts'
import { touchedData, currentOf } from './timeline.ts'
import { trafficIn } from './who-serves.ts'

/** What stopping a release will do, in the order in which a worried person asks. */
export function consequencesOfStopping(timeline: readonly TimelineStep[], before: number | null | undefined): string[] {
  const current = currentOf(timeline)
  const then = typeof before === 'number' ? `Release ${before}` : 'What was live before'
  const moved = trafficIn(timeline) === 'after'
  return [
    `${current === undefined ? 'It ends' : `“${current.title}” ends`} at once. What was done so far is taken back, last step first.`,
    ...(before === null ? ['Nothing was live before, so nothing will be live afterwards.'] : [moved ? `All traffic goes back to ${lower(then)} in one instant.` : `${then} serves everyone now and keeps serving.`]),
    ...(touchedData(timeline) ? ['What pre-deploy commands did to a database stays done.'] : []),
  ]
}

/** Whether a release can still be stopped: it runs, does not go back already, and has not passed the point of no return. */
export function canBeStopped(timeline: readonly TimelineStep[]): boolean {
  const begun = timeline.filter(({ progress }) => progress !== 'waiting' && progress !== 'not-needed')
  return !begun.some(({ progress, isPointOfNoReturn, undo }) => isPointOfNoReturn || progress === 'failed' || undo !== undefined)
}

function lower(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`
}
