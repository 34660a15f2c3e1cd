import { listens } from '@plimsoll/model'
import { z } from 'zod'
import { awaitHealthy } from '../await-healthy.ts'
import { runnableUnits } from '../release-units.ts'
import type { EdgeContext } from '../release-context.ts'
import type { Step } from '../step.ts'
import type { Chosen } from './choose-target.ts'

/** Makes sure that the release to go back to runs and is healthy: at once while it is still warm, else from its kept artifacts. */
export const warmTarget: Step<EdgeContext, Chosen> = {
  name: 'warm-target',
  title: 'Make sure that it runs',
  gives: z.object({}),
  async run(context, { target, before }) {
    const warm = before.previous.some(({ release }) => release === target)
    const gate = warm ? { ...context.gate, successes: 1 } : context.gate
    const units = (await runnableUnits(context, await context.memory.recall(target))).filter(({ spec }) => listens(spec.kind))
    await Promise.all(units.map(async (unit) => {
      if (!warm) await context.driver.start(unit, context.signal)
      await awaitHealthy({ ...context, gate }, unit)
    }))
    return {}
  },
}
