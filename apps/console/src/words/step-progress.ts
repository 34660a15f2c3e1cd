import type { TimelineStep } from '../release/timeline.ts'
import { durationOf, elapsedOf } from './duration.ts'

/** How far a step is, in words that stand under its title; empty where its mark and its time say enough. */
export function progressWords({ progress, undo, undoProblem, problem }: TimelineStep): string {
  if (undo === 'undo-failed') return `could not be taken back: ${undoProblem?.message ?? 'reason unknown'}`
  if (undo === 'undoing') return 'being taken back'
  const stopped = problem?.code === 'INTERRUPTED'
  if (progress === 'failed') return `${stopped ? 'stopped by request' : 'failed'}${undo === 'undone' ? ', taken back' : ''}`
  if (undo === 'undone') return 'taken back'
  if (progress === 'running') return 'running'
  return progress === 'not-needed' ? 'not reached' : ''
}

/** How long a step took, or has been going on. */
export function stepTime({ startedAt, endedAt }: Pick<TimelineStep, 'startedAt' | 'endedAt'>, now: number): string {
  if (startedAt === undefined) return ''
  return endedAt === undefined ? elapsedOf(now - Date.parse(startedAt)) : durationOf(Date.parse(endedAt) - Date.parse(startedAt))
}
