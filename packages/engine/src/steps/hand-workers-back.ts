import { z } from 'zod'
import { startWorkers, stopWorkers } from '../hand-over.ts'
import type { EdgeContext } from '../release-context.ts'
import type { Step } from '../step.ts'
import type { Chosen } from './choose-target.ts'

/** The workers of the release that was live finish and stop; those of the one that serves again start. */
export const handWorkersBack: Step<EdgeContext, Chosen> = {
  name: 'hand-workers-back',
  title: 'Hand work back',
  gives: z.object({}),
  async run(context, { before, target }) {
    await stopWorkers(context, await context.memory.recall(before.live.release))
    await startWorkers(context, await context.memory.recall(target), { proven: true })
    return {}
  },
  async undo(context, { before, target }) {
    await stopWorkers(context, await context.memory.recall(target))
    await startWorkers(context, await context.memory.recall(before.live.release), { proven: true })
  },
}
