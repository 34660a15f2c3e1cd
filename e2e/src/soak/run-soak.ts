import type { CrashCase } from '../crash/crash-case.ts'
import { createCrashWorld, type CrashWorld } from '../crash/crash-world.ts'
import { restOf } from '../crash/faults-at-rest.ts'
import { followReleases } from '../crash/follow-releases.ts'
import type { Rest } from '../crash/run-case.ts'
import type { WorldPlace } from '../crash/world-place.ts'
import { runCaseOrTell } from '../crash/run-case-or-tell.ts'
import { ratePerSecond } from '../crash/run-matrix.ts'
import { auditWrites } from '../load/audit-writes.ts'
import { wallNow, type LoadRecord } from '../load/load-record.ts'
import type { Load } from '../load/start-load.ts'
import { openLedger, type Entry, type RequestLedger } from './request-ledger.ts'
import { sampleSizes } from './sample-size.ts'
import type { SoakResult } from './soak-result.ts'
import { untrueAnswers } from './who-answers.ts'

export interface SoakListener {
  began(one: CrashCase, at: number): void
  ended(result: SoakResult, at: number): void
}

/**
 * Releases one after the other as `plan` says, in a settled world, under one load that goes on from first to last, and judges each when all is at rest
 * again. What it keeps does not grow with the requests. `signal` ends it: what is cut short by that is in no result. A world that can
 * neither be brought to rest nor asked ends it too, with a last result that says so.
 */
// oxlint-disable-next-line max-params -- a signal is the last parameter of everything that waits
export async function runSoak(world: CrashWorld, plan: readonly CrashCase[], listener: SoakListener, signal: AbortSignal): Promise<SoakResult[]> {
  let rest = await restOf(world)
  const books = await openBooks(world)
  const load = await world.load(ratePerSecond)
  const results: SoakResult[] = []
  for (const [at, one] of plan.entries()) {
    if (signal.aborted) break
    listener.began(one, at)
    const from = wallNow()
    const result = await soakOnce(world, one, { rest, books, load, isSampled: at % sampleEvery === 0 }).catch((error: unknown) => broken(one, from, error))
    // Ctrl-C reaches the command that runs, too: what becomes of its release is no finding.
    if (signal.aborted) break
    results.push(result)
    listener.ended(result, at)
    if (result.outcome === worldBroken) break
    // What it left behind is told once, and not of every release after it.
    if (result.wrong.length > 0) rest = await restOf(world)
  }
  const { records } = await load.finish()
  const last = results.at(-1)
  if (last === undefined || last.outcome === worldBroken || signal.aborted) return results
  const tail = await books.enter(last, records)
  return [...results.slice(0, -1), { ...last, arrived: last.arrived + records.length, lost: [...last.lost, ...tail.lost], spilled: last.spilled + tail.spilled }]
}

/** Releases from one rest of the load, in which sizes are sampled, to the next. */
const sampleEvery = 4

/** A world to soak in: one that never gets healthy is found out in seconds, and a busy machine still has its time. */
export function createSoakWorld(place: WorldPlace): Promise<CrashWorld> {
  return createCrashWorld({ place, environment: { PLIMSOLL_HEALTH_DEADLINE_MS: String(Math.max(10_000, place.pace * 4_000)) } })
}

const worldBroken = 'world broken'

function broken(one: CrashCase, from: number, error: unknown): SoakResult {
  return { case: one, outcome: worldBroken, problem: undefined, wrong: [String(error)], untruths: [], from, goneAt: undefined, to: wallNow(), arrived: 0, lost: [], spilled: 0, sizes: [] }
}

interface Surroundings {
  readonly rest: Rest
  readonly books: Books
  readonly load: Load
  /** Whether the load is to rest after it, for sizes that say something. */
  readonly isSampled: boolean
}

async function soakOnce(world: CrashWorld, one: CrashCase, { rest, books, load, isSampled }: Surroundings): Promise<SoakResult> {
  const result = await runCaseOrTell(world, one, rest)
  const untruths = [...result.untruths, ...(await untrueAnswers(world))]
  const sizes = isSampled ? await load.rest(() => sampleSizes(world)) : []
  const records = load.take()
  return { ...result, untruths, arrived: records.length, ...(await books.enter(result, records)), sizes }
}

/** A ledger that asks the world what it needs to know. */
interface Books {
  enter(result: Parameters<RequestLedger['enter']>[0], records: readonly LoadRecord[]): Promise<Entry>
}

async function openBooks(world: CrashWorld): Promise<Books> {
  const ledger = openLedger((await world.view()).live?.number ?? 0)
  const begun = await followReleases(world)
  return {
    async enter(result, records) {
      const audited = await auditWrites(records, await world.target())
      return ledger.enter(result, audited, await begun())
    },
  }
}
