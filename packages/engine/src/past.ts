import type { JournalEntry, Problem } from '@plimsoll/model'

/** Names of the steps that began, in the order in which they first did. */
export function begunSteps(past: readonly JournalEntry[]): ReadonlySet<string> {
  return new Set(past.filter((entry) => entry.is === 'started').map((entry) => entry.step))
}

/** What each finished step gave. */
export function finishedSteps(past: readonly JournalEntry[]): ReadonlyMap<string, Record<string, unknown>> {
  return new Map(past.flatMap((entry) => (entry.is === 'done' ? [[entry.step, entry.gives] as const] : [])))
}

/** Names of the steps that were taken back. */
export function undoneSteps(past: readonly JournalEntry[]): ReadonlySet<string> {
  return new Set(past.filter((entry) => entry.is === 'undone').map((entry) => entry.step))
}

/** The first failure: what went wrong first is the cause, what followed are its consequences. */
export function failureIn(past: readonly JournalEntry[]): { readonly step: string; readonly problem: Problem } | undefined {
  return past.find((entry) => entry.is === 'failed')
}
