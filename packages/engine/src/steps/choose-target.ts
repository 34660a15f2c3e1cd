import { PlimsollError, releaseNumberSchema, trafficSchema, wasCutOff, type ReleaseNumber, type Traffic } from '@plimsoll/model'
import { z } from 'zod'
import type { EdgeContext } from '../release-context.ts'
import type { Step } from '../step.ts'

export interface Chosen {
  readonly before: Traffic
  readonly target: ReleaseNumber
}

/** Notes what is live and which release is to serve again. */
export const chooseTarget: Step<EdgeContext, object, Chosen> = {
  name: 'choose-target',
  title: 'Find the release to go back to',
  gives: z.object({ before: trafficSchema, target: releaseNumberSchema }),
  async run({ app, release, edge, signal }) {
    const before = await edge.live(app, signal)
    const target = release.backTo
    if (before === undefined || target === undefined || target === before.live.release) {
      throw new PlimsollError('NOTHING_TO_ROLL_BACK', `${app} has no other release to go back to`, { hint: `See its releases: plimsoll status --app ${app}` })
    }
    // The edge would refuse it at the switch; by then its units would have been started.
    if (before.cutOff !== undefined && target <= before.cutOff) throw wasCutOff(app, target, before.cutOff)
    return { before, target }
  },
}
