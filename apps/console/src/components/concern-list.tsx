import { concernTitles, type ConcernTally } from '@plimsoll/model'
import type { Tone } from '../words/tone.ts'
import { Mark } from './mark.tsx'
import { VerdictList } from './verdict-list.tsx'

/** Every concern there is with how it stands; opened, all that was asked about it. */
export function ConcernList({ tallies }: { tallies: readonly ConcernTally[] }) {
  return (
    <ul className="divide-y divide-line">
      {tallies.map((tally) => (
        <li key={tally.concern}>
          <details>
            <summary className="grid cursor-pointer grid-cols-[minmax(0,1fr)_auto] gap-x-4 px-4 py-2 hover:bg-well">
              <span className="flex min-w-0 items-center gap-2"><Mark tone={toneOf(tally)} className="size-3.5" />{concernTitles[tally.concern]}</span>
              <span className="tnum text-right text-[0.8125rem] text-ink-soft">{countsOf(tally)}</span>
            </summary>
            {tally.checks.length > 0 && <div className="border-t border-line bg-well"><VerdictList verdicts={tally.checks.flatMap(({ verdicts }) => verdicts)} /></div>}
          </details>
        </li>
      ))}
    </ul>
  )
}

function toneOf({ failed, unknown, passed }: ConcernTally): Tone {
  if (failed > 0) return 'bad'
  if (unknown > 0) return 'warn'
  return passed > 0 ? 'good' : 'quiet'
}

function countsOf({ isAsked, passed, failed, unknown, advice, skipped }: ConcernTally): string {
  if (!isAsked) return 'not asked'
  const parts: readonly (readonly [number, string])[] = [[failed, 'failed'], [unknown, 'not known'], [advice, 'advice'], [skipped, 'skipped'], [passed, 'passed']]
  return parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`).join(', ')
}
