import type { TrafficPhase } from '@plimsoll/model'
import { markWords } from '../traffic/drawing.ts'
import { count } from '../traffic/sentence.ts'
import { durationOf } from '../words/duration.ts'

const heads = ['Release', 'Requests', 'A second', '5xx', 'Broke', 'p95 at most'] as const

/** What a picture shows, phase by phase and release by release. */
export function TrafficTable({ phases }: { phases: readonly TrafficPhase[] }) {
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Traffic in numbers">
      <table className="tnum w-full min-w-[30rem] text-[0.875rem]">
        <thead className="text-left text-ink-soft"><tr>{heads.map((head, i) => <th key={head} scope="col" className={`py-1.5 pr-4 font-normal ${i === 0 ? '' : 'text-right'}`}>{head}</th>)}</tr></thead>
        {phases.map((phase, i) => <PhaseRows key={phase.from} phase={phase} before={phases[i - 1]} />)}
      </table>
    </div>
  )
}

function PhaseRows({ phase, before }: { phase: TrafficPhase; before: TrafficPhase | undefined }) {
  return (
    <tbody className="border-t border-line">
      <tr><th scope="rowgroup" colSpan={heads.length} className="pt-2 text-left font-medium">{before === undefined ? 'Before' : sentenceCase(markWords(phase, before))}<span className="ml-2 font-normal text-ink-faint">{durationOf(phase.forMs)}</span></th></tr>
      {phase.releases.length === 0 && <tr><td colSpan={heads.length} className="pb-2 text-ink-faint">No request</td></tr>}
      {phase.releases.map(({ release, requests, errors, broken, p95Ms }) => (
        <tr key={release} className="[&>td]:py-1 [&>td]:pr-4 [&>td]:text-right">
          <th scope="row" className="py-1 pr-4 text-left font-normal">{release}</th>
          <td>{count(requests)}</td>
          <td>{phase.forMs === 0 ? '' : count(Math.round((requests / phase.forMs) * 10_000) / 10)}</td>
          <td className={errors > 0 ? 'font-medium text-bad' : ''}>{count(errors)}</td>
          <td className={broken > 0 ? 'font-medium text-warn' : ''}>{count(broken)}</td>
          <td>{p95Ms === null ? '–' : `${count(Math.round(p95Ms))} ms`}</td>
        </tr>
      ))}
    </tbody>
  )
}

function sentenceCase(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}
