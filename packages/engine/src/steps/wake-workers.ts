import { z } from 'zod'
import { releaseIn } from '../candidate.ts'
import { restWorkers as rest, wakeWorkers as wake } from '../hand-over.ts'
import type { EdgeContext } from '../release-context.ts'
import type { Step } from '../step.ts'
import type { Built } from './build.ts'
import type { Compared } from './compare.ts'
import type { Planned } from './plan.ts'

/** Starts the workers of this release, those that it keeps among them; the ones before rest since before the change. */
export const wakeWorkers: Step<EdgeContext, Planned & Built & Compared> = {
  name: 'wake-workers',
  title: 'Start the workers',
  gives: z.object({}),
  async run(context, state) {
    await wake(context, releaseIn(context, state), {})
    return {}
  },
  async undo(context, state) {
    await rest(context, releaseIn(context, state))
  },
}
