import { z } from 'zod'
import type { InPlaceContext } from '../in-place/in-place-context.ts'
import type { Step } from '../step.ts'
import type { Planned } from './plan.ts'

export interface NotedDeploys {
  /** service → the deploy that is live before anything is changed; null where nothing serves, or nothing is there. */
  readonly served: Readonly<Record<string, string | null>>
}

/** Notes what to go back to. A step of its own, because the undo of the deploys needs it however far they got. */
export const noteDeploys: Step<InPlaceContext, Planned, NotedDeploys> = {
  name: 'note-deploys',
  title: 'Note what is live',
  gives: z.object({ served: z.record(z.string(), z.string().nullable()) }),
  async run({ app, platform, signal }, { specs }) {
    const stands = await platform.stands(app, specs.map(({ service }) => service), signal)
    return { served: Object.fromEntries(specs.map(({ service }) => [service, stands[service]?.live?.id ?? null])) }
  },
}
