import { z } from 'zod'
import type { ReleaseContext } from '../release-context.ts'
import type { Step } from '../step.ts'
import type { Planned } from './plan.ts'

/** Makes the databases and key-value services that the Blueprint names and the place does not have yet. Never takes one away. */
export const provision: Step<ReleaseContext, Planned> = {
  name: 'provision',
  title: 'Make databases ready',
  gives: z.object({}),
  async run({ wiring, signal }, { wanted }) {
    await wiring.provision(wanted, signal)
    return {}
  },
}
