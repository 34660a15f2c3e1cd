import { listens } from '@plimsoll/model'
import { z } from 'zod'
import { awaitHealthy } from '../await-healthy.ts'
import { inParallel } from '../in-parallel.ts'
import { runnableUnits } from '../release-units.ts'
import type { EdgeContext, HealthGate } from '../release-context.ts'
import { startInOrder } from '../start-in-order.ts'
import type { Step } from '../step.ts'
import { stopUnits } from '../stop-units.ts'
import { unitsIn, without } from '../units-in.ts'
import { warm } from '../warm.ts'
import type { Chosen } from './choose-target.ts'

/** Makes sure that the release to go back to runs and is healthy: at once while it is still warm, else from its kept artifacts. */
export const warmTarget: Step<EdgeContext, Chosen> = {
  name: 'warm-target',
  title: 'Make sure that it runs',
  gives: z.object({}),
  async run(context, { target, before }) {
    const kept = await context.memory.recall(target)
    const runs = before.previous.some(({ release }) => release === target)
    const units = (await runnableUnits(context, kept)).filter(({ spec }) => listens(spec.kind))
    if (runs) {
      const gate: HealthGate = { ...context.gate, successes: 1, proven: true }
      await inParallel({ ...context, gate }, units, (unit, each) => awaitHealthy(each, unit))
    } else {
      await startInOrder(context, units)
      await warm(context, kept)
    }
    return {}
  },
  async undo(context, { target, before }) {
    const { memory } = context
    const serving = await Promise.all([before.live, ...before.previous].map(({ release }) => memory.recall(release)))
    const started = without(unitsIn(context, await memory.recall(target)), serving.flatMap((release) => unitsIn(context, release)))
    await stopUnits(context, started)
  },
}
