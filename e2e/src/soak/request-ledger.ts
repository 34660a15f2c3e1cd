import type { ReleaseDetail } from '@plimsoll/model'
import { isSpilled, maySpill, type CrashResult } from '../crash/crash-case.ts'
import { streamGraceMs } from '../crash/run-matrix.ts'
import { switchesIn, trialsIn } from '../crash/switches-in.ts'
import type { FaultKind } from '../judge/fault.ts'
import { judge } from '../judge/judge.ts'
import type { SwitchRecord } from '../judge/switch-record.ts'
import type { Reign } from '../judge/timeline.ts'
import type { LoadRecord } from '../load/load-record.ts'

export interface Entry {
  readonly lost: readonly string[]
  readonly spilled: number
}

type Hit = Pick<CrashResult, 'case' | 'from' | 'goneAt' | 'to'>

/** Judges the requests of a soak release by release, and keeps nothing of them but who served when. */
export interface RequestLedger {
  /** `records`: all that ended since the last call; `details`: of all releases since then. */
  enter(result: Hit, records: readonly LoadRecord[], details: readonly ReleaseDetail[]): Entry
}

/** `first` serves when the load begins. */
export function openLedger(first: number): RequestLedger {
  const switches: SwitchRecord[] = []
  const trials: Reign[] = []
  let lastHit: Hit | undefined
  return {
    enter(result, records, details) {
      switches.push(...switchesIn(details, switches.at(-1)?.after ?? first))
      trials.push(...trialsIn(details))
      if (maySpill(result.case)) lastHit = result
      // What was under way through the victim may end long after it.
      const spilled = new Set(records.filter((record) => lastHit !== undefined && isSpilled(lastHit, record)))
      return { lost: faultsIn(records.filter((record) => !spilled.has(record))), spilled: spilled.size }
    },
  }

  function faultsIn(records: readonly LoadRecord[]): string[] {
    const { counts, examples } = judge({ records, first, switches, trials, streamGraceMs })
    return (Object.keys(counts) as FaultKind[]).flatMap((kind) => {
      const told = examples[kind].map(({ arrival, detail }) => `${kind} ${arrival}: ${detail}`)
      return [...told, ...Array.from({ length: counts[kind] - told.length }, () => `${kind}, as those before`)]
    })
  }
}
