import { longestPauseMs, PlimsollError } from '@plimsoll/model'
import { z } from 'zod'
import type { EdgeContext } from '../release-context.ts'
import type { Step } from '../step.ts'
import type { Compared } from './compare.ts'

/** What requests in flight are given to end. What is left of the pause is for the rest of the release. */
const graceMs = 10_000

/**
 * Makes requests wait at the edge until those in flight have their answers, so that nothing of what is live touches the
 * database from here on. When it cannot become quiet, the release is taken back rather than overlapped.
 */
export const pauseTraffic: Step<EdgeContext, Compared> = {
  name: 'pause-traffic',
  title: 'Hold requests and wait for those in flight',
  gives: z.object({}),
  async run({ app, fence, edge, clock, signal }, { before }) {
    if (before === null) return {}
    const now = clock.now()
    await edge.pause({ app, fence, pause: { since: new Date(now).toISOString(), until: new Date(now + longestPauseMs).toISOString(), atEnd: 'refuse' } }, signal)
    const { leftRequests } = await edge.quiesce({ app, graceMs }, signal)
    if (leftRequests === 0) return {}
    throw new PlimsollError('STILL_BUSY', `${leftRequests === 1 ? 'A request' : `${leftRequests} requests`} to ${app} had no answer ${graceMs / 1_000} s after the pause began`, {
      hint: 'Release when it is quieter, or without --pause if the old and the new schema can be used side by side.',
      details: { leftRequests },
    })
  },
  async undo({ app, fence, edge, signal }) {
    await edge.pause({ app, fence, pause: null }, signal)
  },
}
