import { z } from 'zod'
import { releaseIn } from '../candidate.ts'
import { handOver, recallIfAny } from '../hand-over.ts'
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
  async run(context, state) {
    await handOver(context, { from: await recallIfAny(context, state.before?.live.release), to: releaseIn(context, state) })
    return {}
  },
  async undo(context, state) {
    await handOver(context, { from: releaseIn(context, state), to: await recallIfAny(context, state.before?.live.release) })
  },
}
