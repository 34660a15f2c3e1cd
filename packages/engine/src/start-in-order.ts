import { awaitHealthy } from './await-healthy.ts'
import type { RunnableUnit } from './driver.ts'
import { inParallel } from './in-parallel.ts'
import type { ReleaseContext } from './release-context.ts'

/**
 * Starts `units` and returns when all of them are healthy. A unit begins when those that it reaches have answered for the
 * first time, so that one which asks another while it boots finds it; whoever reaches each other in a circle begin together.
 * What is not among `units` is taken to run already. Throws as `awaitHealthy` does, with none of the waits left.
 */
export async function startInOrder(context: ReleaseContext, units: readonly RunnableUnit[]): Promise<void> {
  const firstAnswers = new Map(units.map((unit) => [unit, Promise.withResolvers<void>()]))
  const waitsFor = waitingOf(units)
  await inParallel(context, units, async (unit, each) => {
    const own = firstAnswers.get(unit)
    // Nobody may wait for it; its failure is thrown below in any case.
    own?.promise.catch(() => undefined)
    try {
      await Promise.all(waitsFor(unit).map((other) => firstAnswers.get(other)?.promise))
      await each.driver.start(unit, each.signal)
      await awaitHealthy(each, unit, own?.resolve)
    } catch (error) {
      own?.reject(error)
      throw error
    }
  })
}

/** For each unit those that it reaches, but for those that reach it back. */
function waitingOf(units: readonly RunnableUnit[]): (unit: RunnableUnit) => RunnableUnit[] {
  const reachedBy = (unit: RunnableUnit): RunnableUnit[] => units.filter((other) => other !== unit && unit.spec.reaches.includes(other.spec.service))
  const all = new Map(units.map((unit) => [unit, everythingFrom(unit, reachedBy)]))
  return (unit) => reachedBy(unit).filter((other) => all.get(other)?.has(unit) !== true)
}

function everythingFrom<T>(start: T, next: (from: T) => readonly T[]): ReadonlySet<T> {
  const found = new Set(next(start))
  // A set that grows while it is walked is walked to its end.
  for (const each of found) for (const further of next(each)) found.add(further)
  return found
}
