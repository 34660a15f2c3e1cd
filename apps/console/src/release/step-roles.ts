import type { TimelineStep } from './timeline.ts'

/** The step in which users move from one release to the other. Before it, they notice nothing. */
export function isSwitch(step: string): boolean {
  return step === 'shift-traffic' || step === 'shift-back'
}

/** Whether pre-deploy commands have begun, which may change a database, which no undo changes back. */
export function touchedData(timeline: readonly TimelineStep[]): boolean {
  return timeline.some(({ name, progress }) => name === 'migrate' && progress !== 'waiting' && progress !== 'not-needed')
}
