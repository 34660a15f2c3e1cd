import type { LoadRecord } from '../load/load-record.ts'
import { arrivalName, faultKinds, type Fault, type FaultKind } from './fault.ts'
import { findBlended } from './find-blended.ts'
import { findEarlyGoodbyes } from './find-early-goodbyes.ts'
import { findStale } from './find-stale.ts'
import { ownersIn, type SharedUnits } from './served-by.ts'
import type { SwitchRecord } from './switch-record.ts'
import { reignsOf, type Reign } from './timeline.ts'

export interface Evidence {
  readonly records: readonly LoadRecord[]
  /** The release that served when the load began. */
  readonly first: number
  readonly switches: readonly SwitchRecord[]
  /** When a share of the visitors met a release beside the one that served: it may have answered meanwhile, and both may be met in turn. None unless given. */
  readonly trials?: readonly Reign[]
  /** How long a stream may stay open on a release that no longer serves. */
  readonly streamGraceMs: number
  /** Units that go on across a release because nothing of theirs changed. None unless given. */
  readonly shared?: SharedUnits
}

export interface Judgement {
  /** True when there is no fault and the evidence suffices. */
  readonly held: boolean
  readonly counts: Readonly<Record<FaultKind, number>>
  /** The first ten of each kind. */
  readonly examples: Readonly<Record<FaultKind, readonly Fault[]>>
  /** Why the run proves nothing, if so: a switch that no request was in flight across, a kind that never arrived. */
  readonly gaps: readonly string[]
  readonly arrivals: Readonly<Record<string, number>>
  /** How late the generator itself was, in milliseconds. */
  readonly lateness: { readonly p50: number; readonly p99: number; readonly max: number }
}

const examplesOfEach = 10
/** Beyond this the load no longer is what it says it is. */
const mostLateMs = 2000

/** Judges a run: one fault of any kind, or too little evidence, and it did not hold. */
export function judge(evidence: Evidence): Judgement {
  const reigns = reignsOf(evidence.first, evidence.switches)
  const trials = evidence.trials ?? []
  const owners = ownersIn(evidence.shared ?? new Map())
  const faults = [
    ...evidence.records.flatMap(ownFailure),
    ...findStale(evidence.records, [...trials, ...reigns], owners),
    ...findBlended(evidence.records, { reigns, trials }, owners),
    ...findEarlyGoodbyes(evidence, reigns, owners),
  ]
  const gaps = gapsOf(evidence)
  return {
    held: faults.length === 0 && gaps.length === 0,
    counts: perKind((kind) => faults.filter((fault) => fault.is === kind).length),
    examples: perKind((kind) => faults.filter((fault) => fault.is === kind).slice(0, examplesOfEach)),
    gaps,
    arrivals: countBy(evidence.records.map(({ kind }) => kind)),
    lateness: latenessOf(evidence.records),
  }
}

function ownFailure(record: LoadRecord): Fault[] {
  if (record.failure === undefined) return []
  return [{ is: record.failure.is, arrival: arrivalName(record), at: record.endedAt, detail: record.failure.detail }]
}

function gapsOf({ records, switches }: Evidence): string[] {
  if (records.length === 0) return ['nothing arrived']
  const late = latenessOf(records).p99
  const busy = late > mostLateMs ? [`the generator itself was ${late} ms late: the machine was too busy for this rate`] : []
  const bare = switches.flatMap(({ before, after, askedAt, acknowledgedAt }, at) => {
    const across = records.some(({ startedAt, endedAt }) => startedAt < askedAt && endedAt > acknowledgedAt)
    return across ? [] : [`nothing was in flight across switch ${at + 1} (${before} → ${after})`]
  })
  return [...busy, ...bare]
}

function perKind<T>(of: (kind: FaultKind) => T): Record<FaultKind, T> {
  return Object.fromEntries(faultKinds.map((kind) => [kind, of(kind)])) as Record<FaultKind, T>
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

function latenessOf(records: readonly LoadRecord[]): Judgement['lateness'] {
  const late = records.map(({ dueAt, startedAt }) => startedAt - dueAt).toSorted((one, other) => one - other)
  const at = (share: number): number => Math.max(0, Math.round(late[Math.min(late.length - 1, Math.floor(late.length * share))] ?? 0))
  return { p50: at(0.5), p99: at(0.99), max: at(1) }
}
