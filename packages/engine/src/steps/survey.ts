import { z } from 'zod'
import { changeSchema, changeText, type Change } from '../in-place/change.ts'
import { deploySourceOf } from '../in-place/deploy-order.ts'
import { say, type InPlaceContext } from '../in-place/in-place-context.ts'
import { runs } from '../in-place/platform.ts'
import { wantedThere } from '../in-place/wanted-there.ts'
import type { Step } from '../step.ts'
import type { Planned } from './plan.ts'

export interface Surveyed {
  /** What is to be changed on the platform before anything is deployed. */
  readonly changes: readonly Change[]
  /** Services that do not run what they are to run. */
  readonly behind: readonly string[]
}

/** Tells what the platform cannot do, and every change before it is made. It changes nothing, so there is nothing to undo. */
export const survey: Step<InPlaceContext, Planned, Surveyed> = {
  name: 'survey',
  title: 'Compare with what is there',
  gives: z.object({ changes: z.array(changeSchema), behind: z.array(z.string()) }),
  ends: ({ changes, behind }) => changes.length === 0 && behind.length === 0,
  async run(context, planned) {
    const { app, release, platform, memory, signal } = context
    const sources = planned.specs.map((spec) => ({ service: spec.service, source: deploySourceOf(spec, release.source) }))
    for (const cannot of platform.cannot) say(context, cannot)
    const { changes, left, environments } = await platform.survey(wantedThere(context, planned), signal)
    for (const { change } of changes) say(context, changeText(change))
    for (const sentence of left) say(context, sentence)
    await memory.note(environments)
    const stands = await platform.stands(app, sources.map(({ service }) => service), signal)
    const behind = sources.filter(({ service, source }) => !runs(stands[service] ?? { live: null }, source))
    return { changes: changes.map(({ change }) => change), behind: behind.map(({ service }) => service) }
  },
}
