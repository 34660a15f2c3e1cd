import { z } from 'zod'
import { recallIfAny, startWorkers, stopWorkers } from '../hand-over.ts'
import type { EdgeContext } from '../release-context.ts'
import type { Step } from '../step.ts'
import type { Built } from './build.ts'
import type { Compared } from './compare.ts'
import type { Planned } from './plan.ts'

/** The workers of the previous release stop taking work and finish; only then do those of this one start. */
export const handOverWorkers: Step<EdgeContext, Planned & Built & Compared> = {
  name: 'hand-over-workers',
  title: 'Hand work over to the new workers',
  gives: z.object({}),
  async run(context, { specs, blueprint, artifacts, before }) {
    const previous = await recallIfAny(context, before?.live.release)
    if (previous !== undefined) await stopWorkers(context, previous)
    await startWorkers(context, { release: context.release.number, specs, blueprint, artifacts })
    return {}
  },
  async undo(context, { specs, blueprint, artifacts, before }) {
    await stopWorkers(context, { release: context.release.number, specs, blueprint, artifacts })
    const previous = await recallIfAny(context, before?.live.release)
    if (previous !== undefined) await startWorkers(context, previous)
  },
}
