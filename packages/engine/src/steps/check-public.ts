import { PlimsollError, verdictSchema, type Verdict } from '@plimsoll/model'
import { z } from 'zod'
import type { InPlaceContext } from '../in-place/in-place-context.ts'
import type { Step } from '../step.ts'
import type { Planned } from './plan.ts'

/** Asks every service at its public address, where users meet it already. What it finds wrong takes the deploys back. */
export const checkPublic: Step<InPlaceContext, Pick<Planned, 'specs'>, { readonly verdicts: readonly Verdict[] }> = {
  name: 'check-public',
  title: 'Ask it where people reach it',
  gives: z.object({ verdicts: z.array(verdictSchema) }),
  async run({ app, platform, publicChecks, signal }, { specs }) {
    const stands = await platform.stands(app, specs.map(({ service }) => service), signal)
    const sites = specs.flatMap((spec) => {
      const url = stands[spec.service]?.url
      return url === undefined ? [] : [{ app, spec, url: url.replace(/\/$/, '') }]
    })
    const verdicts = (await Promise.all(sites.flatMap((site) => publicChecks.map((check) => check.ask(site, signal))))).flat()
    const failed = verdicts.filter(({ is }) => is === 'fail')
    if (failed.length === 0) return { verdicts }
    throw new PlimsollError('CHECKS_FAILED', `${failed.length} of ${verdicts.length} checks failed where people reach it: ${failed.map(({ check, finding }) => `${check}: ${finding}`).join('; ')}`, {
      hint: 'Where something was live before, it is put live again; what this release was the first to run runs on.', details: { verdicts },
    })
  },
}
