import type { LoadRecord } from '../load/load-record.ts'
import { maySpill, type CrashResult } from './crash-case.ts'

/**
 * The position in `cases`, which are in the order of time, of the one that a request belongs to: that in which it began, or, where it
 * broke, the first that it met whose victim takes with it what it holds. What began before all of them belongs to the first.
 */
export function whoseRequest(cases: readonly Pick<CrashResult, 'case' | 'from'>[], { startedAt, endedAt, failure }: LoadRecord): number {
  const began = Math.max(0, cases.findLastIndex(({ from }) => from <= startedAt))
  if (failure === undefined) return began
  const spilled = cases.findIndex((one, at) => at >= began && one.from <= endedAt && maySpill(one.case))
  return spilled === -1 ? began : spilled
}
