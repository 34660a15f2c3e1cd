import { judge, type Judgement } from '../judge/judge.ts'
import { auditWrites } from '../load/audit-writes.ts'
import type { LoadRecord } from '../load/load-record.ts'
import type { CrashCase, CrashResult } from './crash-case.ts'
import type { CrashWorld } from './crash-world.ts'
import { restOf } from './faults-at-rest.ts'
import { runCaseOrTell } from './run-case-or-tell.ts'
import { switchesIn, trialsIn } from './switches-in.ts'

/** What the engine gives streams of a release that is retired. */
export const streamGraceMs = 10_000

/** A case with what became of the requests that arrived while it went on. */
export interface JudgedCase extends CrashResult {
  readonly load: Judgement
  /** From the first request that failed to the last. */
  readonly gapMs: number
}

/** Does `cases` one after the other, all under one load, and judges what arrived. Told of each as it ends; `signal` ends it after the one that goes on. */
// oxlint-disable-next-line max-params -- a signal is the last parameter of everything that waits
export async function runMatrix(world: CrashWorld, cases: readonly CrashCase[], told: (result: CrashResult) => void, signal?: AbortSignal): Promise<JudgedCase[]> {
  let rest = await restOf(world)
  const first = (await world.view()).live?.number ?? 0
  const known = (await world.releases())[0]?.number ?? 0
  const load = await world.load(ratePerSecond)
  const results: CrashResult[] = []
  try {
    for (const one of cases) {
      if (signal?.aborted === true) break
      const result = await runCaseOrTell(world, one, rest)
      results.push(result)
      told(result)
      // What it left behind is told once, and not of every case after it.
      if (result.wrong.length > 0) rest = await restOf(world)
    }
  } finally {
    await load.finish()
  }
  const { records } = await load.finish()
  const audited = await auditWrites(records, await world.target())
  const numbers = (await world.releases()).map(({ number }) => number).filter((number) => number > known)
  const details = await Promise.all(numbers.map((number) => world.detail(number)))
  const story = { first, switches: switchesIn(details, first), trials: trialsIn(details), streamGraceMs }
  return results.map((result, at) => {
    const end = results[at + 1]?.from ?? Number.POSITIVE_INFINITY
    const own = audited.filter(({ startedAt }) => startedAt >= result.from && startedAt < end)
    return { ...result, load: judge({ ...story, records: own }), gapMs: gapIn(own) }
  })
}

/** `result` of a case that no load has met. */
export function unloaded(result: CrashResult): JudgedCase {
  return { ...result, load: judge({ records: [], first: 0, switches: [], streamGraceMs }), gapMs: 0 }
}

function gapIn(records: readonly LoadRecord[]): number {
  const times = records.flatMap(({ failure, endedAt }) => (failure === undefined ? [] : [endedAt]))
  return times.length === 0 ? 0 : Math.round(Math.max(...times) - Math.min(...times))
}

export const ratePerSecond = 30
