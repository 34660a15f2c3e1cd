import type { ReleaseDetail } from '@plimsoll/model'
import { maySpill, type CrashResult } from '../crash/crash-case.ts'
import { streamGraceMs } from '../crash/run-matrix.ts'
import { switchesIn, trialsIn } from '../crash/switches-in.ts'
import type { FaultKind } from '../judge/fault.ts'
import { judge } from '../judge/judge.ts'
import type { SwitchRecord } from '../judge/switch-record.ts'
import type { Reign } from '../judge/timeline.ts'
import type { LoadRecord } from '../load/load-record.ts'

/** How a request ends whose edge or instance is killed. Nothing excuses a second answer, or one of the wrong release. */
const spills: readonly FaultKind[] = ['status', 'refused', 'reset', 'cut', 'timeout', 'hung-up']

export interface Entry {
  readonly lost: readonly string[]
  readonly spilled: number
}

/** Judges the requests of a soak release by release, and keeps nothing of them but who served when. */
export interface RequestLedger {
  /** `records`: all that ended since the last call; `details`: of all releases since then. */
  enter(result: Pick<CrashResult, 'case' | 'from' | 'to'>, records: readonly LoadRecord[], details: readonly ReleaseDetail[]): Entry
}

/** `first` serves when the load begins. */
export function openLedger(first: number): RequestLedger {
  const switches: SwitchRecord[] = []
  const trials: Reign[] = []
  let spillsUntil = Number.NEGATIVE_INFINITY
  return {
    enter(result, records, details) {
      switches.push(...switchesIn(details, switches.at(-1)?.after ?? first))
      trials.push(...trialsIn(details))
      const excused = maySpill(result.case)
      if (excused) spillsUntil = result.to
      // What was under way in a spill may end long after it.
      const touched = records.filter(({ startedAt }) => startedAt <= spillsUntil)
      const others = records.filter(({ startedAt }) => startedAt > spillsUntil)
      return sumOf([...faultsIn(touched, true), ...faultsIn(others, false)])
    },
  }

  function faultsIn(records: readonly LoadRecord[], excused: boolean): Entry[] {
    const { counts, examples } = judge({ records, first, switches, trials, streamGraceMs })
    return (Object.keys(counts) as FaultKind[]).map((kind) => {
      if (excused && spills.includes(kind)) return { lost: [], spilled: counts[kind] }
      const told = examples[kind].map(({ arrival, detail }) => `${kind} ${arrival}: ${detail}`)
      return { lost: [...told, ...Array.from({ length: counts[kind] - told.length }, () => `${kind}, as those before`)], spilled: 0 }
    })
  }
}

function sumOf(entries: readonly Entry[]): Entry {
  return { lost: entries.flatMap(({ lost }) => lost), spilled: entries.reduce((sum, { spilled }) => sum + spilled, 0) }
}
