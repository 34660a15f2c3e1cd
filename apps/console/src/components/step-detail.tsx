import type { LogLine } from '@plimsoll/model'
import { logOf } from '../release/log-of.ts'
import type { TimelineStep } from '../release/timeline.ts'
import { LogText } from './log-text.tsx'
import { ProblemView } from './problem-view.tsx'

/** What there is to read about one step: why it failed, and what was printed while it ran. */
export function StepDetail({ step, lines }: { step: TimelineStep; lines: readonly LogLine[] }) {
  const problem = step.undoProblem ?? step.problem
  const nothing = problem === undefined && lines.length === 0
  return (
    <section aria-label={step.title} className="rounded-sm border border-line bg-plate">
      <h2 className="border-b border-line px-4 py-2.5 font-semibold">{step.title}</h2>
      <div className="min-h-40 space-y-4 p-4">
        {problem !== undefined && <ProblemView problem={problem} />}
        {lines.length > 0 && (problem === undefined || logOf(problem).length === 0) && <LogText lines={lines.slice(-400)} label="Output" className="h-96" />}
        {nothing && <p className="text-ink-faint">{step.progress === 'running' ? 'Nothing printed yet.' : 'Nothing to show for this step.'}</p>}
      </div>
    </section>
  )
}
