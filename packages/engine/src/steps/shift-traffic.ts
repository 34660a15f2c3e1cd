import { z } from 'zod'
import { releaseIn } from '../candidate.ts'
import { letGo } from '../let-go.ts'
import { tellAway } from '../tell-away.ts'
import { entriesFor, trafficOf } from '../traffic-of.ts'
import type { EdgeContext } from '../release-context.ts'
import type { Step } from '../step.ts'
import type { Built } from './build.ts'
import type { Compared } from './compare.ts'
import type { Planned } from './plan.ts'

/** Moves all services of the app in one instant. What was live stays warm, for what is pinned to it and for going back. */
export const shiftTraffic: Step<EdgeContext, Planned & Built & Compared> = {
  name: 'shift-traffic',
  title: 'Switch all traffic at once',
  gives: z.object({}),
  moment: 'switch',
  async run(context, state) {
    const { app, fence, edge, signal } = context
    const { entries, before } = state
    const live = await trafficOf(context, releaseIn(context, state))
    const previous = before === null ? [] : [before.live, ...before.previous]
    const { away } = await edge.shift({ app, fence, entries: entriesFor(entries, live), live, previous }, signal)
    tellAway(context, away)
    return {}
  },
  async undo(context, { before }) {
    if (before === null) await context.edge.remove(context.app, context.fence, context.signal)
    else await letGo(context, before)
  },
}
