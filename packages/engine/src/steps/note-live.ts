import { releaseNumberSchema, type ReleaseNumber } from '@plimsoll/model'
import { z } from 'zod'
import type { InPlaceContext } from '../in-place/in-place-context.ts'
import type { Step } from '../step.ts'
import type { ChosenDeploys } from './choose-deploys.ts'

export interface NotedLive {
  /** The release that is gone back from; null where none is known. */
  readonly before: { readonly live: { readonly release: ReleaseNumber } } | null
  /** service → the deploy that is live before anything goes back; null where nothing serves. */
  readonly served: Readonly<Record<string, string | null>>
  /** service → its newest deploy then: a rollback after it belongs to this run. */
  readonly marks: Readonly<Record<string, string | null>>
}

/** Notes what serves before anything goes back. A step of its own, because the undo needs it however far the rollbacks got. */
export const noteLive: Step<InPlaceContext, ChosenDeploys, NotedLive> = {
  name: 'note-live',
  title: 'Note what is live',
  gives: z.object({ before: z.object({ live: z.object({ release: releaseNumberSchema }) }).nullable().default(null), served: z.record(z.string(), z.string().nullable()), marks: z.record(z.string(), z.string().nullable()) }),
  async run({ app, platform, memory, signal }, { specs }) {
    const services = specs.map(({ service }) => service)
    const stands = await platform.stands(app, services, signal)
    const live = await memory.live()
    return {
      before: live === null ? null : { live: { release: live } },
      served: Object.fromEntries(services.map((service) => [service, stands[service]?.live?.id ?? null])),
      marks: Object.fromEntries(services.map((service) => [service, stands[service]?.newest ?? null])),
    }
  },
}
