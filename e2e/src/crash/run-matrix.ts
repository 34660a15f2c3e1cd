import type { ReleaseDetail } from '@plimsoll/model'
import { judge, type Judgement } from '../judge/judge.ts'
import { auditWrites } from '../load/audit-writes.ts'
import type { LoadRecord } from '../load/load-record.ts'
import { isSpilled, type CrashCase, type CrashResult } from './crash-case.ts'
import type { CrashWorld } from './crash-world.ts'
import { restOf } from './faults-at-rest.ts'
import { followReleases } from './follow-releases.ts'
import { runCaseOrTell } from './run-case-or-tell.ts'
import { switchesIn, trialsIn } from './switches-in.ts'
import { whoseRequest } from './whose-request.ts'

/** What the engine gives streams of a release that is retired. */
export const streamGraceMs = 10_000

/** A case with what became of the requests that arrived while it went on. */
export interface JudgedCase extends CrashResult {
  readonly load: Judgement
  /** How many the victim took along. */
  readonly spilled: number
  /** From the first of them to the last. */
  readonly gapMs: number
}

/** Does `cases` one after the other, all under one load, and judges what arrived. Told of each as it ends; `signal` ends it after the one that goes on. */
// oxlint-disable-next-line max-params -- a signal is the last parameter of everything that waits
export async function runMatrix(world: CrashWorld, cases: readonly CrashCase[], told: (result: CrashResult) => void, signal?: AbortSignal): Promise<JudgedCase[]> {
  let rest = await restOf(world)
  const first = (await world.view()).live?.number ?? 0
  const begun = await followReleases(world)
  const details: ReleaseDetail[] = []
  const load = await world.load(ratePerSecond)
  const results: CrashResult[] = []
  try {
    for (const one of cases) {
      if (signal?.aborted === true) break
      const result = await runCaseOrTell(world, one, rest)
      results.push(result)
      details.push(...(await begun()))
      told(result)
      // What it left behind is told once, and not of every case after it.
      if (result.wrong.length > 0) rest = await restOf(world)
    }
  } finally {
    await load.finish()
  }
  const audited = await auditWrites((await load.finish()).records, await world.target())
  const story = { first, switches: switchesIn(details, first), trials: trialsIn(details), streamGraceMs }
  const records = Map.groupBy(audited, (record) => whoseRequest(results, record))
  return results.map((result, at) => {
    const { true: spilled = [], false: own = [] } = Object.groupBy(records.get(at) ?? [], (record) => `${isSpilled(result, record)}`)
    return { ...result, load: judge({ ...story, records: own }), spilled: spilled.length, gapMs: gapIn(spilled) }
  })
}

/** `result` of a case that no load has met. */
export function unloaded(result: CrashResult): JudgedCase {
  return { ...result, load: judge({ records: [], first: 0, switches: [], streamGraceMs }), spilled: 0, gapMs: 0 }
}

function gapIn(failed: readonly LoadRecord[]): number {
  const times = failed.map(({ endedAt }) => endedAt)
  return times.length === 0 ? 0 : Math.round(Math.max(...times) - Math.min(...times))
}

export const ratePerSecond = 30
