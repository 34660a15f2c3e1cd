import { hasSettled, type JournalEntry, type Problem, type Release } from '@plimsoll/model'

/** One step as the screen shows it. */
export interface TimelineStep {
  readonly name: string
  readonly title: string
  /** `not-needed`: an earlier step failed, or found that nothing was new. */
  readonly progress: 'waiting' | 'running' | 'done' | 'failed' | 'not-needed'
  readonly startedAt?: string
  readonly endedAt?: string
  readonly problem?: Problem
  /** What became of it when the release was taken back; absent where there was nothing to take back. */
  readonly undo?: 'undoing' | 'undone' | 'undo-failed'
  readonly undoProblem?: Problem
  /** `data`: it may change what no undo changes back. `switch`: users move here. */
  readonly moment?: 'data' | 'share' | 'switch'
  readonly isPointOfNoReturn: boolean
}

/** What is known of a release while it is watched. */
export type Watched = Pick<Release, 'steps' | 'state' | 'outcome'>

/** Step facts → what the screen says. Later entries outdo earlier ones, as when a release is resumed. */
export function timelineOf({ steps, state, outcome }: Watched, journal: readonly JournalEntry[]): TimelineStep[] {
  const goesOn = !hasSettled(state) && outcome === undefined && !goesBack(steps, journal)
  return steps.map(({ name, title, moment, pointOfNoReturn = false }) => {
    const facts = journal.filter(({ step }) => step === name).reduce<Facts>(withEntry, { progress: goesOn ? 'waiting' : 'not-needed' })
    return { name, title, ...(moment && { moment }), isPointOfNoReturn: pointOfNoReturn, ...(moment === 'data' ? withoutUndo(facts) : facts) }
  })
}

/** A failure turns a release back, unless the point of no return had begun. */
function goesBack(steps: Release['steps'], journal: readonly JournalEntry[]): boolean {
  const final = steps.find(({ pointOfNoReturn }) => pointOfNoReturn)?.name
  return journal.some(({ is }) => is === 'failed' || is === 'undoing') && !journal.some(({ step }) => step === final)
}

/** Whether pre-deploy commands have begun, which may change a database, which no undo changes back. */
export function touchedData(timeline: readonly TimelineStep[]): boolean {
  return timeline.some(({ moment, progress }) => moment === 'data' && progress !== 'waiting' && progress !== 'not-needed')
}

/** The step that something is happening to now, if any. */
export function currentOf(timeline: readonly TimelineStep[]): TimelineStep | undefined {
  return timeline.find(({ undo }) => undo === 'undoing') ?? timeline.find(({ progress }) => progress === 'running')
}

/** The step that a person wants to read first: the one that could not be taken back, the one that failed, or the current one. */
export function tellingOf(timeline: readonly TimelineStep[]): TimelineStep | undefined {
  return timeline.find(({ undo }) => undo === 'undo-failed') ?? timeline.find(({ progress }) => progress === 'failed') ?? currentOf(timeline)
}

/** What was done to data stays: nobody shall read that it was undone. */
function withoutUndo({ undo, ...facts }: Facts): Facts {
  return undo === 'undo-failed' ? { ...facts, undo } : facts
}

type Facts = Pick<TimelineStep, 'progress' | 'startedAt' | 'endedAt' | 'problem' | 'undo' | 'undoProblem'>

function withEntry(facts: Facts, entry: JournalEntry): Facts {
  switch (entry.is) {
    case 'started': return { progress: 'running', startedAt: entry.at }
    case 'done': return { ...facts, progress: 'done', endedAt: entry.at }
    case 'failed': return { ...facts, progress: 'failed', endedAt: entry.at, problem: entry.problem }
    case 'undoing': return { ...facts, undo: 'undoing' }
    // A step that has nothing to take back is noted as undone without ever being `undoing`.
    case 'undone': return facts.undo === undefined ? facts : { ...facts, undo: 'undone' }
    case 'undo-failed': return { ...facts, undo: 'undo-failed', undoProblem: entry.problem }
  }
}
