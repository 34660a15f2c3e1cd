import { PlimsollError, unitSpecSchema, type UnitSpec } from '@plimsoll/model'
import { z } from 'zod'
import { say, type BackInPlaceContext } from '../in-place/in-place-context.ts'
import { settledDeploys } from '../in-place/settled-deploys.ts'
import type { Step } from '../step.ts'

export interface ChosenDeploys {
  /** Of the release that is gone back to. */
  readonly specs: readonly UnitSpec[]
  /** service → the deploy that was live when that release had settled. */
  readonly back: Readonly<Record<string, string>>
}

/** Says what going back leaves as it is, and finds the deploys to go back to. It changes nothing, so there is nothing to undo. */
export const chooseDeploys: Step<BackInPlaceContext, object, ChosenDeploys> = {
  name: 'choose-deploys',
  title: 'Find the deploys to go back to',
  gives: z.object({ specs: z.array(unitSpecSchema), back: z.record(z.string(), z.string()) }),
  async run(context) {
    const { app, release: { source, backTo }, platform, recall, signal } = context
    if (backTo === undefined) throw new PlimsollError('NOTHING_TO_ROLL_BACK', `${app} has no other release to go back to`, { hint: `See its releases: plimsoll status --app ${app}` })
    for (const sentence of platform.rollBackLeaves) say(context, sentence)
    const settled = await recall(backTo)
    return { specs: [...settled.specs], back: await settledDeploys(platform, { app, release: backTo, source, settled }, signal) }
  },
}
