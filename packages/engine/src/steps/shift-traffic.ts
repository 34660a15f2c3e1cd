import { z } from 'zod'
import { releaseIn, started } from '../candidate.ts'
import { usualGrace } from '../retire.ts'
import { stopUnits } from '../stop-units.ts'
import { entriesFor, trafficOf } from '../traffic-of.ts'
import { unitsIn } from '../units-in.ts'
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
    await edge.shift({ app, fence, entries: entriesFor(entries, live), live, previous }, signal)
    return {}
  },
  async undo(context, state) {
    const { app, fence, edge, release, signal } = context
    if (state.before === null) return edge.remove(app, fence, signal)
    await edge.shift({ ...state.before, fence }, signal)
    // Users have met this release: what they have under way in it ends in peace before its units are stopped.
    await edge.drain({ app, release: release.number, ...usualGrace }, signal)
    const candidate = releaseIn(context, state)
    await stopUnits(context, started(candidate, unitsIn(context, candidate)))
  },
}
