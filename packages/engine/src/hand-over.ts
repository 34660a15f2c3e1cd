import { takesWork, type ReleaseNumber } from '@plimsoll/model'
import { assertRunning } from './await-healthy.ts'
import { runnableUnits } from './release-units.ts'
import type { KeptRelease, ReleaseContext } from './release-context.ts'

/** Stops the workers of `release` (they finish what they hold, within their own limit). Twice is once. */
export async function stopWorkers(context: ReleaseContext, kept: KeptRelease): Promise<void> {
  const workers = (await runnableUnits(context, kept)).filter(({ spec }) => takesWork(spec.kind))
  await Promise.all(workers.map(({ unit, spec }) => context.driver.stop(context.app, unit, spec.maxShutdownDelayMs, context.signal)))
}

/** Starts the workers of `release` and returns once they have stayed up for a moment (`proven` ones are trusted to). Twice is once. */
export async function startWorkers(context: ReleaseContext, kept: KeptRelease, { proven = false } = {}): Promise<void> {
  const workers = (await runnableUnits(context, kept)).filter(({ spec }) => takesWork(spec.kind))
  await Promise.all(workers.map(async (unit) => {
    await context.driver.start(unit, context.signal)
    if (proven) return
    await context.clock.sleep(stayUpMs, context.signal)
    await assertRunning(context, unit)
  }))
}

/** A worker has no health path: that it did not fall over at once is all that can be seen from outside. */
const stayUpMs = 300

/** The release before, as it can be run again; undefined for an app's first. */
export function recallIfAny(context: ReleaseContext, release: ReleaseNumber | undefined): Promise<KeptRelease | undefined> {
  return release === undefined ? Promise.resolve(undefined) : context.memory.recall(release)
}
