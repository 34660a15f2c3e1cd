import { z } from 'zod'
import { releaseIn } from '../candidate.ts'
import type { ReleaseContext } from '../release-context.ts'
import type { Step } from '../step.ts'
import { warm } from '../warm.ts'
import { warmthSchema, type Warmth } from '../warm-up.ts'
import type { Built } from './build.ts'
import type { Compared } from './compare.ts'
import type { Planned } from './plan.ts'

export interface Warmed {
  readonly warmth: readonly Warmth[]
}

/**
 * Takes the candidate through its slow first requests before users come. A process that has just started renders a page
 * several times slower than one that has rendered it often, and a switch gives it the whole load in one instant.
 * It stands before the checks, so that what they find is the candidate as users will meet it.
 */
export const warmCandidate: Step<ReleaseContext, Planned & Built & Compared, Warmed> = {
  name: 'warm-candidate',
  title: 'Warm it up',
  gives: z.object({ warmth: z.array(warmthSchema) }),
  async run(context, state) {
    return { warmth: await warm(context, releaseIn(context, state)) }
  },
}
