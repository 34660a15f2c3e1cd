import type { Verdict } from '@plimsoll/model'
import { durationOf } from '../words/duration.ts'
import { wordsOf } from '../words/verdict-words.ts'
import { Mark } from './mark.tsx'
import { inkOf } from './tone-classes.ts'

const worstFirst: readonly Verdict['is'][] = ['fail', 'inconclusive', 'pass', 'skipped']

/** What the candidate was asked and what came of it, worst first. */
export function VerdictList({ verdicts }: { verdicts: readonly Verdict[] }) {
  const sorted = verdicts.toSorted((a, b) => worstFirst.indexOf(a.is) - worstFirst.indexOf(b.is))
  return (
    <ul className="divide-y divide-line">
      {sorted.map(({ check, service, is, weight, finding, hint, reproduce, tookMs }) => (
        <li key={`${check} ${service ?? ''} ${finding}`} className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 px-4 py-2">
          <p className="flex min-w-0 gap-2"><Mark tone={wordsOf({ is, weight }).tone} className="mt-1 size-3.5" /><span className="min-w-0 break-words"><span className="sr-only">{wordsOf({ is, weight }).label}: </span>{finding}</span></p>
          <p className="tnum text-right text-[0.8125rem] whitespace-nowrap text-ink-soft">{is === 'pass' ? durationOf(tookMs) : <span className={inkOf[wordsOf({ is, weight }).tone]}>{wordsOf({ is, weight }).label}</span>}</p>
          <p className="min-w-0 pl-[1.375rem] font-mono text-xs break-words text-ink-faint">{service === undefined ? check : `${service} · ${check}`}</p>
          {is === 'fail' && (hint !== undefined || reproduce !== undefined) && <p className="col-span-2 pl-[1.375rem] text-[0.8125rem] break-words text-ink-soft">{hint}{reproduce !== undefined && <code className="block font-mono text-xs select-all">{reproduce}</code>}</p>}
        </li>
      ))}
    </ul>
  )
}
