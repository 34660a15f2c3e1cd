import type { TimelineStep } from '../release/timeline.ts'
import type { Tone } from './tone.ts'
import { durationOf, elapsedOf } from './duration.ts'

/** How far a step is, in words that stand under its title; empty where its mark and its time say enough. */
export function progressWords({ progress, undo, undoProblem, problem }: TimelineStep): string {
  if (undo === 'undo-failed') return `could not be taken back: ${undoProblem?.message ?? 'reason unknown'}`
  if (undo === 'undoing') return 'being taken back'
  const stopped = problem?.code === 'INTERRUPTED'
  if (progress === 'failed') return `${stopped ? 'stopped by request' : 'failed'}${undo === 'undone' ? ', taken back' : ''}`
  if (undo === 'undone') return 'taken back'
  return progress === 'running' ? 'running' : ''
}

/** What the load line says: whether users have moved to the other release. */
export function crossingOf({ progress, undo }: TimelineStep): { words: string; tone: Tone } {
  if (undo === 'undone') return { words: 'Users moved here, and back', tone: 'warn' }
  if (undo !== undefined) return { words: 'Users are being moved back', tone: 'warn' }
  switch (progress) {
    case 'waiting': return { words: 'No traffic moves above this line', tone: 'busy' }
    case 'not-needed': return { words: 'This line was never crossed', tone: 'quiet' }
    case 'running': return { words: 'Users are moving now', tone: 'busy' }
    case 'done': return { words: 'Users moved here', tone: 'good' }
    case 'failed': return { words: 'The move failed here', tone: 'bad' }
  }
}

/** How long a step took, or has been going on. */
export function stepTime({ startedAt, endedAt }: Pick<TimelineStep, 'startedAt' | 'endedAt'>, now: number): string {
  if (startedAt === undefined) return ''
  return endedAt === undefined ? elapsedOf(now - Date.parse(startedAt)) : durationOf(Date.parse(endedAt) - Date.parse(startedAt))
}
