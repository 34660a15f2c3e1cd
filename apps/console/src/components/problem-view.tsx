import type { Problem } from '@plimsoll/model'
import { logOf } from '../release/log-of.ts'
import { LogText } from './log-text.tsx'

/** A failure as the API tells it: what happened, what to do next, and the log that explains it. */
export function ProblemView({ problem, withLog = true }: { problem: Problem; withLog?: boolean }) {
  const log = withLog ? logOf(problem) : []
  return (
    <div role="group" aria-label="Problem" className="border-l-2 border-bad pl-3">
      <p className="font-medium break-words">{problem.message}</p>
      {problem.hint !== undefined && <p className="mt-1 break-words text-ink-soft">{problem.hint}</p>}
      <p className="mt-1 font-mono text-xs text-ink-faint">{problem.code}</p>
      {log.length > 0 && <div className="mt-3"><LogText lines={log} label="Log" /></div>}
    </div>
  )
}
