import { z } from 'zod'
import { recallIfAny, restWorkers as rest, wakeWorkers as wake } from '../hand-over.ts'
import type { EdgeContext } from '../release-context.ts'
import type { Step } from '../step.ts'
import type { Compared } from './compare.ts'

/** The workers of what is live finish what they hold and stop, also those that this release keeps: nothing touches the database meanwhile. */
export const restWorkers: Step<EdgeContext, Compared> = {
  name: 'rest-workers',
  title: 'Let workers finish and rest',
  gives: z.object({}),
  async run(context, { before }) {
    await rest(context, await recallIfAny(context, before?.live.release))
    return {}
  },
  async undo(context, { before }) {
    await wake(context, await recallIfAny(context, before?.live.release), { proven: true })
  },
}
