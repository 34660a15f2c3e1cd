import { takesWork, type ReleaseNumber } from '@plimsoll/model'
import { assertRunning } from './await-healthy.ts'
import type { RunnableUnit } from './driver.ts'
import { inParallel } from './in-parallel.ts'
import { runnableUnits } from './release-units.ts'
import { stopUnits } from './stop-units.ts'
import { without } from './units-in.ts'
import type { KeptRelease, ReleaseContext } from './release-context.ts'

export interface HandOver {
  /** Undefined for an app's first release, or its undo. */
  readonly from: KeptRelease | undefined
  readonly to: KeptRelease | undefined
  /** These ran before, and need not show that they stay up. */
  readonly proven?: true
}

/**
 * Stops the workers of one release (they finish what they hold, within their own limit) and only then starts those of the
 * other, and returns once they have stayed up for a moment. Those that may overlap start first, so that work never waits.
 * A worker that both have in common goes on. Twice is once.
 */
export async function handOver(context: ReleaseContext, { from, to, proven }: HandOver): Promise<void> {
  const [ending, beginning] = await Promise.all([workersOf(context, from), workersOf(context, to)])
  const starting = without(beginning, ending)
  await startWorkers(context, starting.filter(({ spec }) => spec.overlaps === true), proven ?? false)
  await stopUnits(context, without(ending, beginning))
  await startWorkers(context, starting.filter(({ spec }) => spec.overlaps !== true), proven ?? false)
}

/** Stops all workers of a release, once they have finished what they hold. Twice is once. */
export async function restWorkers(context: ReleaseContext, kept: KeptRelease | undefined): Promise<void> {
  await stopUnits(context, await workersOf(context, kept))
}

/** Starts all workers of a release that do not run, and returns once they have stayed up for a moment. */
export async function wakeWorkers(context: ReleaseContext, kept: KeptRelease | undefined, { proven }: Pick<HandOver, 'proven'>): Promise<void> {
  await startWorkers(context, await workersOf(context, kept), proven ?? false)
}

async function startWorkers(context: ReleaseContext, workers: readonly RunnableUnit[], proven: boolean): Promise<void> {
  await inParallel(context, workers, async (unit, each) => {
    await each.driver.start(unit, each.signal)
    if (proven) return
    await each.clock.sleep(stayUpMs, each.signal)
    await assertRunning(each, unit)
  })
}

async function workersOf(context: ReleaseContext, kept: KeptRelease | undefined): Promise<readonly RunnableUnit[]> {
  return kept === undefined ? [] : (await runnableUnits(context, kept)).filter(({ spec }) => takesWork(spec.kind))
}

/**
 * A worker has no health path: that it did not fall over at once is all that can be seen from outside. In this time Node has loaded a program and come to
 * what it throws, in a container on a busy machine too (300 ms were not enough there); what falls over later is what the watch after a release is for.
 */
const stayUpMs = 1_000

/** The release before, as it can be run again; undefined for an app's first. */
export function recallIfAny(context: ReleaseContext, release: ReleaseNumber | undefined): Promise<KeptRelease | undefined> {
  return release === undefined ? Promise.resolve(undefined) : context.memory.recall(release)
}
