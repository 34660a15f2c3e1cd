import { PlimsollError, verdictSchema, type Verdict } from '@plimsoll/model'
import { z } from 'zod'
import { candidateOf } from '../candidate.ts'
import type { ReleaseContext } from '../release-context.ts'
import type { Step } from '../step.ts'
import type { Built } from './build.ts'
import type { Planned } from './plan.ts'

export interface Verified {
  readonly verdicts: readonly Verdict[]
}

/** Asks the running candidate every check, before it gets traffic. One `fail` blocks; `inconclusive` and `skipped` are shown and do not. */
export const verifyCandidate: Step<ReleaseContext, Planned & Built, Verified> = {
  name: 'verify',
  title: 'Check the candidate',
  gives: z.object({ verdicts: z.array(verdictSchema) }),
  async run(context, { specs, blueprint, artifacts }) {
    const candidate = await candidateOf(context, { release: context.release.number, specs, blueprint, artifacts })
    const verdicts = (await Promise.all(context.checks.map((check) => check.ask(candidate, context.signal)))).flat()
    const failed = verdicts.filter(({ is }) => is === 'fail')
    if (failed.length === 0) return { verdicts }
    throw new PlimsollError('CHECKS_FAILED', `${failed.length} of ${verdicts.length} checks failed: ${failed.map(({ finding }) => finding).join('; ')}`, {
      hint: failed[0]?.hint ?? failed[0]?.reproduce,
      details: { verdicts },
    })
  },
}
