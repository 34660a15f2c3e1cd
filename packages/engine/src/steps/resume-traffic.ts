import { z } from 'zod'
import type { EdgeContext } from '../release-context.ts'
import type { Step } from '../step.ts'

/** Lets everybody who waits go on, to what is live now. Its undo holds nothing again: what is taken back serves as it can. */
export const resumeTraffic: Step<EdgeContext> = {
  name: 'resume-traffic',
  title: 'Serve the requests that waited',
  gives: z.object({}),
  async run({ app, fence, edge, signal }) {
    await edge.pause({ app, fence, pause: null }, signal)
    return {}
  },
}
