import { z } from 'zod'
import { usualGrace } from '../retire.ts'
import { tellAway } from '../tell-away.ts'
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
    const { away } = await edge.shift({ ...before, fence, live, previous }, signal)
    tellAway(context, away)
    return {}
  },
  async undo({ app, edge, fence, signal }, { before, target }) {
    await edge.shift({ ...before, fence }, signal)
    // One that was started for this alone is stopped next: what users have under way in it ends in peace.
    if (before.previous.every(({ release }) => release !== target)) await edge.drain({ app, release: target, ...usualGrace }, signal)
  },
}
