import { PlimsollError, verdictSchema, type Verdict } from '@plimsoll/model'
import { z } from 'zod'
import type { InPlaceContext } from '../in-place/in-place-context.ts'
import type { Proof } from '../prover.ts'
import type { ReleaseContext } from '../release-context.ts'
import type { AnyStep, Step } from '../step.ts'
import type { Built } from './build.ts'
import type { Compared } from './compare.ts'
import type { Planned } from './plan.ts'

export interface Proven {
  readonly proof: { readonly verification: string; readonly reused: boolean; readonly verdicts: readonly Verdict[] }
}

/**
 * Goes on only with what was proven in a throw-away copy, against what is live now. It touches nothing of the app, so there is nothing to undo.
 * A release that is begun as unproven has this step not among its own: see {@link unproven}.
 */
export const prove: Step<ReleaseContext, Planned & Built & Compared, Proven> = {
  name: 'prove',
  title: 'Prove it in a throw-away copy',
  gives: z.object({ proof: z.object({ verification: z.string(), reused: z.boolean(), verdicts: z.array(verdictSchema) }) }),
  async run({ app, release, prover, output, signal }, { blueprint, specs, artifacts, before }) {
    return provenBy(await prover.prove({ app, source: release.source, blueprint, specs, artifacts, live: before?.live.release, ...(release.paused && { paused: true }), output }, signal))
  },
}

/** The same where a platform builds: what is proven is the commit, in a copy elsewhere, and not the very files that users will meet. */
export const proveCommit: Step<InPlaceContext, Planned, Proven> = {
  name: prove.name,
  title: prove.title,
  gives: prove.gives,
  async run({ app, release, prover, output, signal }, { blueprint, specs }) {
    return provenBy(await prover.prove({ app, source: release.source, blueprint, specs, live: undefined, output }, signal))
  },
}

function provenBy(proof: Proof): Proven {
  if (proof.is !== 'passed') throw refusal(proof)
  const { verification, reused, verdicts } = proof
  return { proof: { verification, reused, verdicts: [...verdicts] } }
}

/** `steps` for a release that is not proven; no step needs what proving gives. */
export function unproven<Context>(steps: readonly AnyStep<Context>[]): readonly AnyStep<Context>[] {
  return steps.filter(({ name }) => name !== prove.name)
}

const anyway = '--skip-verify "why" releases it all the same, and marks it as unproven'

function refusal({ is, verification, verdicts, report }: Proof): PlimsollError {
  const telling = verdicts.filter((verdict) => verdict.weight !== 'advice' && verdict.is === (is === 'blocked' ? 'fail' : 'inconclusive'))
  const findings = telling.map(({ check, finding }) => `${check}: ${finding}`).join('; ')
  const details = { verdicts, report, verification }
  if (is === 'blocked') return new PlimsollError('CHECKS_FAILED', `${telling.length} of ${verdicts.length} checks failed in its throw-away copy: ${findings}`, { hint: `See it all: ${report}. ${anyway}`, details })
  return new PlimsollError('UNPROVEN', `Whether it can be released could not be found out: ${findings === '' ? 'its verification did not come to its end' : findings}`, { hint: `See it all: ${report}. ${anyway}`, details })
}
