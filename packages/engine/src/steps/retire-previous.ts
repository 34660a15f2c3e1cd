import { PlimsollError } from '@plimsoll/model'
import { z } from 'zod'
import { retire } from '../retire.ts'
import type { EdgeContext } from '../release-context.ts'
import type { Step } from '../step.ts'

/** How many releases stay warm beside the live one, so that going back is one pointer swap. */
const warmReleases = 1

/** Retires every release that is older than the one before this. From here on there is no way back by undoing: going back is a release of its own. */
export const retirePrevious: Step<EdgeContext> = {
  name: 'retire-previous',
  title: 'Retire what is no longer needed',
  gives: z.object({ cutRequests: z.number().int().optional() }),
  pointOfNoReturn: true,
  async run(context) {
    const traffic = await context.edge.live(context.app, context.signal)
    if (traffic === undefined) throw new PlimsollError('EDGE_DOWN', `The edge knows nothing of ${context.app}, which it served a moment ago`)
    const old = traffic.previous.slice(warmReleases).map(({ release }) => release)
    return retire(context, traffic, old)
  },
}
