import { listens } from '@plimsoll/model'
import { z } from 'zod'
import { awaitHealthy } from '../await-healthy.ts'
import { releaseIn, started } from '../candidate.ts'
import { runnableUnits, unitOf } from '../release-units.ts'
import type { ReleaseContext } from '../release-context.ts'
import type { Step } from '../step.ts'
import type { Built } from './build.ts'
import type { Compared } from './compare.ts'
import type { Planned } from './plan.ts'

/**
 * Starts the listening units of this release beside what is live and waits until each is healthy. Those that it keeps run
 * already. Workers are started only after the switch.
 */
export const startCandidate: Step<ReleaseContext, Planned & Built & Compared> = {
  name: 'start-candidate',
  title: 'Start beside what is live',
  gives: z.object({}),
  async run(context, state) {
    const candidate = releaseIn(context, state)
    const units = started(candidate, await runnableUnits(context, candidate))
    await Promise.all(units.filter(({ spec }) => listens(spec.kind)).map(async (unit) => {
      await context.driver.start(unit, context.signal)
      await awaitHealthy(context, unit)
    }))
    return {}
  },
  async undo(context, state) {
    const candidate = releaseIn(context, state)
    const units = candidate.specs.map((spec) => ({ unit: unitOf(context, spec, candidate) }))
    await Promise.all(started(candidate, units).map(({ unit }) => context.driver.stop(context.app, unit, 0, context.signal)))
  },
}
