import type { Problem } from '@plimsoll/model'
import { KeepFresh } from './keep-fresh.tsx'
import { Page } from './page.tsx'
import { ProblemView } from './problem-view.tsx'

/** In place of a page whose data could not be had. Looks again by itself. */
export function ProblemPage({ problem }: { problem: Problem }) {
  return (
    <Page>
      <KeepFresh everyMs={3000} />
      <h1 className="mb-4 text-2xl font-semibold tracking-tight">{problem.code === 'API_UNREACHABLE' ? 'Plimsoll is not there' : 'This could not be shown'}</h1>
      <div className="max-w-3xl"><ProblemView problem={problem} /></div>
      {problem.code === 'API_UNREACHABLE' && <p className="mt-6 text-ink-soft">Apps that are live go on serving without it. This page looks again every few seconds.</p>}
    </Page>
  )
}
