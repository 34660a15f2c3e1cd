import { listens } from '@plimsoll/model'
import { z } from 'zod'
import { releaseIn, started } from '../candidate.ts'
import { runnableUnits } from '../release-units.ts'
import type { ReleaseContext } from '../release-context.ts'
import { startInOrder } from '../start-in-order.ts'
import type { Step } from '../step.ts'
import { stopUnits } from '../stop-units.ts'
import { unitsIn } from '../units-in.ts'
import type { Built } from './build.ts'
import type { Compared } from './compare.ts'
import type { Planned } from './plan.ts'

/** What no user has met holds nothing that it would have to finish. */
const atOnce = { maxShutdownDelayMs: 0 }

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
    await startInOrder(context, units.filter(({ spec }) => listens(spec.kind)))
    return {}
  },
  async undo(context, state) {
    const candidate = releaseIn(context, state)
    await stopUnits(context, started(candidate, unitsIn(context, candidate)).map(({ unit }) => ({ unit, spec: atOnce })))
  },
}
