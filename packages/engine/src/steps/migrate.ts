import { PlimsollError } from '@plimsoll/model'
import { z } from 'zod'
import { releaseIn, started } from '../candidate.ts'
import { runnableUnits } from '../release-units.ts'
import type { RunnableUnit } from '../driver.ts'
import type { ReleaseContext } from '../release-context.ts'
import type { Step } from '../step.ts'
import { stopUnits } from '../stop-units.ts'
import { unitsIn } from '../units-in.ts'
import type { Built } from './build.ts'
import type { Compared } from './compare.ts'
import type { Planned } from './plan.ts'

/**
 * Runs each changed service's `preDeployCommand` once, in the new artifact, one after the other in the Blueprint's order.
 * One that goes on while Plimsoll is away is waited for and not run again. Its undo ends what still runs and changes no data
 * back: a schema goes forward only, which is why the previous release must run on the new one.
 */
export const migrate: Step<ReleaseContext, Planned & Built & Compared> = {
  name: 'migrate',
  title: 'Run pre-deploy commands',
  gives: z.object({}),
  moment: 'data',
  async run(context, state) {
    const candidate = releaseIn(context, state)
    for (const unit of started(candidate, await runnableUnits(context, candidate))) await runPreDeployCommand(context, unit)
    return {}
  },
  async undo(context, state) {
    const candidate = releaseIn(context, state)
    await stopUnits(context, started(candidate, unitsIn(context, candidate)))
  },
}

/** Run again only when the machine went down in the middle of it. */
const once = { name: 'pre-deploy', whenLost: 'again' } as const

async function runPreDeployCommand(context: ReleaseContext, unit: RunnableUnit): Promise<void> {
  const command = unit.spec.preDeployCommand
  if (command === undefined) return
  const { code, signal, log } = await context.driver.exec({ ...unit, command, output: context.output, once }, context.signal)
  if (code === 0) return
  throw new PlimsollError('MIGRATION_FAILED', `The preDeployCommand of ${unit.spec.service} ended ${signal === null ? `with status ${code}` : `by ${signal}`}: ${command}`, {
    hint: 'Nothing was switched: the previous release is live. What the command had already done to the database stays done.',
    details: { service: unit.spec.service, log: [...log] },
  })
}
