import { entrySchema, unitSpecSchema, wantedResourcesSchema, type Entry, type UnitSpec, type WantedResources } from '@plimsoll/model'
import { z } from 'zod'
import type { ReleaseContext } from '../release-context.ts'
import type { Step } from '../step.ts'

/** What the Blueprint asks for, in the words of the steps. */
export interface Planned {
  readonly blueprint: string
  readonly specs: readonly UnitSpec[]
  readonly wanted: WantedResources
  readonly entries: Readonly<Record<string, Entry>>
}

/** Reads the Blueprint once; the steps after it see only what is written here, however often they are resumed. */
export const plan: Step<Pick<ReleaseContext, 'signal'> & { readonly wiring: Pick<ReleaseContext['wiring'], 'understand' | 'entries'> }, object, Planned> = {
  name: 'plan',
  title: 'Read the Blueprint',
  gives: z.object({
    blueprint: z.string(),
    specs: z.array(unitSpecSchema),
    wanted: wantedResourcesSchema,
    entries: z.record(z.string(), entrySchema),
  }),
  async run({ wiring, signal }) {
    const { blueprint, specs, wanted } = await wiring.understand(signal)
    return { blueprint, specs, wanted, entries: await wiring.entries(specs) }
  },
}
