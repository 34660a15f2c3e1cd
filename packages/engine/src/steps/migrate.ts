import { PlimsollError } from '@plimsoll/model'
import { z } from 'zod'
import { runnableUnits } from '../release-units.ts'
import type { RunnableUnit } from '../driver.ts'
import type { ReleaseContext } from '../release-context.ts'
import type { Step } from '../step.ts'
import type { Built } from './build.ts'
import type { Planned } from './plan.ts'

/**
 * Runs each service's `preDeployCommand` once, in the new artifact, one after the other in the Blueprint's order.
 * There is no undo: a schema goes forward only, which is why the previous release must run on the new one.
 */
export const migrate: Step<ReleaseContext, Planned & Built> = {
  name: 'migrate',
  title: 'Run pre-deploy commands',
  gives: z.object({}),
  moment: 'data',
  async run(context, { specs, blueprint, artifacts }) {
    const units = await runnableUnits(context, { release: context.release.number, specs, blueprint, artifacts })
    for (const unit of units) await runPreDeployCommand(context, unit)
    return {}
  },
}

async function runPreDeployCommand(context: ReleaseContext, unit: RunnableUnit): Promise<void> {
  const command = unit.spec.preDeployCommand
  if (command === undefined) return
  const { code, signal, log } = await context.driver.exec({ ...unit, command, output: context.output }, context.signal)
  if (code === 0) return
  throw new PlimsollError('MIGRATION_FAILED', `The preDeployCommand of ${unit.spec.service} ended ${signal === null ? `with status ${code}` : `by ${signal}`}: ${command}`, {
    hint: 'Nothing was switched: the previous release is live. What the command had already done to the database stays done.',
    details: { service: unit.spec.service, log: [...log] },
  })
}
