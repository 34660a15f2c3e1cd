import { z } from 'zod'
import { trafficOf } from '../traffic-of.ts'
import type { EdgeContext } from '../release-context.ts'
import type { Step } from '../step.ts'
import type { Chosen } from './choose-target.ts'

/** Moves all services back in one instant; the release that was live stays warm, in case that it was the better one. */
export const shiftBack: Step<EdgeContext, Chosen> = {
  name: 'shift-back',
  title: 'Switch all traffic back at once',
  gives: z.object({}),
  moment: 'switch',
  async run(context, { before, target }) {
    const { edge, fence, memory, signal } = context
    const live = await trafficOf(context, await memory.recall(target))
    const previous = [before.live, ...before.previous.filter(({ release }) => release !== target)]
    await edge.shift({ ...before, fence, live, previous }, signal)
    return {}
  },
  async undo({ edge, fence, signal }, { before }) {
    await edge.shift({ ...before, fence }, signal)
  },
}
