import { listens } from '@plimsoll/model'
import { z } from 'zod'
import { awaitHealthy } from '../await-healthy.ts'
import { runnableUnits, unitOf } from '../release-units.ts'
import type { ReleaseContext } from '../release-context.ts'
import type { Step } from '../step.ts'
import type { Built } from './build.ts'
import type { Planned } from './plan.ts'

/** Starts the listening units of this release beside what is live and waits until each is healthy. Workers are started only after the switch. */
export const startCandidate: Step<ReleaseContext, Planned & Built> = {
  name: 'start-candidate',
  title: 'Start beside what is live',
  gives: z.object({}),
  async run(context, { specs, blueprint, artifacts }) {
    const units = await runnableUnits(context, { release: context.release.number, specs, blueprint, artifacts })
    await Promise.all(units.filter(({ spec }) => listens(spec.kind)).map(async (unit) => {
      await context.driver.start(unit, context.signal)
      await awaitHealthy(context, unit)
    }))
    return {}
  },
  async undo(context, { specs }) {
    await Promise.all(specs.map((spec) => context.driver.stop(context.app, unitOf(context, spec, context.release.number), 0, context.signal)))
  },
}
