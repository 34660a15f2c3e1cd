import { PlimsollError, verdictSchema, type Verdict } from '@plimsoll/model'
import { z } from 'zod'
import { candidateOf, releaseIn } from '../candidate.ts'
import { inParallel } from '../in-parallel.ts'
import type { ReleaseContext } from '../release-context.ts'
import type { Step } from '../step.ts'
import type { Built } from './build.ts'
import type { Compared } from './compare.ts'
import type { Planned } from './plan.ts'

export interface Verified {
  readonly verdicts: readonly Verdict[]
}

/** Asks the running candidate every check, before it gets traffic. One `fail` blocks; `inconclusive` and `skipped` are shown and do not. */
export const verifyCandidate: Step<ReleaseContext, Planned & Built & Compared, Verified> = {
  name: 'verify',
  title: 'Check the candidate',
  gives: z.object({ verdicts: z.array(verdictSchema) }),
  async run(context, state) {
    const candidate = await candidateOf(context, releaseIn(context, state))
    const verdicts = (await inParallel(context, context.checks, (check, { signal }) => check.ask(candidate, signal))).flat()
    const failed = verdicts.filter(({ is }) => is === 'fail')
    if (failed.length === 0) return { verdicts }
    throw new PlimsollError('CHECKS_FAILED', `${failed.length} of ${verdicts.length} checks failed: ${failed.map(({ finding }) => finding).join('; ')}`, {
      hint: failed[0]?.hint ?? failed[0]?.reproduce,
      details: { verdicts },
    })
  },
}
