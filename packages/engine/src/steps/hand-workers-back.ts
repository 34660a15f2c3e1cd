import { z } from 'zod'
import { handOver } from '../hand-over.ts'
import type { EdgeContext } from '../release-context.ts'
import type { Step } from '../step.ts'
import type { Chosen } from './choose-target.ts'

/** The workers of the release that was live finish and stop; those of the one that serves again start. */
export const handWorkersBack: Step<EdgeContext, Chosen> = {
  name: 'hand-workers-back',
  title: 'Hand work back',
  gives: z.object({}),
  async run(context, { before, target }) {
    const [from, to] = await Promise.all([context.memory.recall(before.live.release), context.memory.recall(target)])
    await handOver(context, { from, to, proven: true })
    return {}
  },
  async undo(context, { before, target }) {
    const [from, to] = await Promise.all([context.memory.recall(target), context.memory.recall(before.live.release)])
    await handOver(context, { from, to, proven: true })
  },
}
