import type { Unit, UnitSpec } from '@plimsoll/model'
import { allSettled } from './in-parallel.ts'
import type { StopReport } from './driver.ts'
import type { ReleaseContext } from './release-context.ts'

interface Stopping {
  readonly unit: Unit
  readonly spec: Pick<UnitSpec, 'maxShutdownDelayMs'>
}

/** Stops `units` all at once, each with its own grace, and as many as can be: one that does not stop keeps no other up. Twice is once. */
export function stopUnits({ app, driver, signal }: Pick<ReleaseContext, 'app' | 'driver' | 'signal'>, units: readonly Stopping[]): Promise<StopReport[]> {
  return allSettled(units.map(({ unit, spec }) => driver.stop(app, unit, spec.maxShutdownDelayMs, signal)))
}
