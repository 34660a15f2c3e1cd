import { judge, type Evidence, type LoadRecord } from '../../e2e/src/e2e.ts'
import { overlap, ownersIn } from '../../e2e/src/judge/served-by.ts'

/** What one peer's releases did to the load, in counts of arrivals unless another unit is named. */
export interface Tally {
  readonly switches: number
  /** HTTP requests and sockets; an arrival of the load makes one or several. */
  readonly requests: number
  readonly lost: Lost
  /** Pages opened before a release whose chunk or Server Action no longer existed after it. */
  readonly oldTabs: number
  /** Answers by the old release to what was sent after the acknowledgement. */
  readonly stale: number
  /** Two releases at once: in one page, or the old one again after the new one had answered. */
  readonly blended: number
  readonly duplicated: number
  /** Streams and sockets that broke off, or that the server ended before their grace of ten seconds was over. */
  readonly streams: number
  /** From the first act that a client can notice to the acknowledgement, in milliseconds. */
  readonly switchMs: Spread
  /** From the same act to the last request that the old release answered, when it was sent; tabs that belong to it aside. Milliseconds. */
  readonly lastOnOldMs: Spread
  /** How late the load itself was for 99 of 100 arrivals, in milliseconds. */
  readonly generatorLateMs: number
  /** Why finding nothing proves nothing, if so. What was found needs no further proof. */
  readonly gaps: readonly string[]
}

export interface Spread {
  readonly median: number
  readonly max: number
}

/** Arrivals without the answer that they were to have. */
export interface Lost {
  readonly refused: number
  readonly reset: number
  /** How many of the resets were on a connection that had served before. */
  readonly resetReused: number
  /** Answered with an error: 502 and the like. */
  readonly error: number
  readonly cut: number
  readonly timeout: number
  readonly other: number
}

const longLived = ['events', 'socket']

export function tally(evidence: Evidence): Tally {
  const { records, switches } = evidence
  const { counts, gaps, lateness } = judge(evidence)
  const clean = Object.values(counts).every((count) => count === 0)
  return {
    switches: switches.length,
    requests: records.reduce((sum, { hops }) => sum + hops.length, 0),
    lost: lostOf(records, counts.anonymous),
    oldTabs: records.filter(isOldTab).length,
    stale: counts.stale,
    blended: counts.blended,
    duplicated: counts.duplicated,
    streams: counts['hung-up'] + records.filter(isBrokenStream).length,
    switchMs: spreadOf(switches.map(({ askedAt, acknowledgedAt }) => acknowledgedAt - askedAt)),
    lastOnOldMs: spreadOf(lastOnOld(evidence)),
    generatorLateMs: lateness.p99,
    gaps: clean ? gaps : [],
  }
}

export function lostInAll({ refused, reset, error, cut, timeout, other }: Lost): number {
  return refused + reset + error + cut + timeout + other
}

/** For each switch, how long after its beginning the old release was last asked, by somebody who was not pinned to it. */
function lastOnOld({ records, switches, shared = new Map() }: Evidence): number[] {
  const owners = ownersIn(shared)
  const asked = records
    .flatMap(({ hops }) => hops)
    .filter(({ asset, headAt, servedBy, pinnedTo }) => asset !== true && headAt !== undefined && !overlap(owners(pinnedTo), owners(servedBy)))
  return switches.map(({ before, askedAt }) => {
    const byOld = asked.filter(({ servedBy }) => owners(servedBy).includes(before))
    return byOld.reduce((last, { startedAt }) => Math.max(last, startedAt - askedAt), 0)
  })
}

function spreadOf(times: readonly number[]): Spread {
  const sorted = times.map(Math.round).toSorted((one, other) => one - other)
  return { median: sorted[Math.floor(sorted.length / 2)] ?? 0, max: sorted.at(-1) ?? 0 }
}

function lostOf(records: readonly LoadRecord[], anonymous: number): Lost {
  const failed = records.filter((record) => record.failure !== undefined && !isOldTab(record) && !isBrokenStream(record))
  const count = (is: string): number => failed.filter(({ failure }) => failure?.is === is).length
  return {
    refused: count('refused'),
    reset: count('reset'),
    resetReused: failed.filter(({ failure }) => failure?.is === 'reset' && failure.detail.endsWith('on a reused connection')).length,
    error: count('status'),
    cut: count('cut'),
    timeout: count('timeout'),
    other: count('garbled') + count('overload') + anonymous,
  }
}

function isOldTab({ failure, hops }: LoadRecord): boolean {
  return failure?.is === 'status' && hops.some(({ status, pinnedTo }) => status === 404 && pinnedTo !== undefined)
}

function isBrokenStream({ failure, kind }: LoadRecord): boolean {
  return failure?.is === 'cut' && longLived.includes(kind)
}
