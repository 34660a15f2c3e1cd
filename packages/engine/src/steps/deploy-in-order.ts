import { z } from 'zod'
import { deployOrder, deploySourceOf } from '../in-place/deploy-order.ts'
import { deployService } from '../in-place/deploy-service.ts'
import { say, type InPlaceContext } from '../in-place/in-place-context.ts'
import { takeBack } from '../in-place/take-back.ts'
import type { Step } from '../step.ts'
import type { NotedDeploys } from './note-deploys.ts'
import type { Planned } from './plan.ts'
import type { Settled } from './settle.ts'
import type { Surveyed } from './survey.ts'

/**
 * Deploys one service after the other, those that are reached first, and waits until each is live. What a run that died had begun is
 * found by what it deploys and where it stands after the mark, and is followed on. Its undo goes back in the reverse order, to what
 * was live before, and turns auto-deploy off for each service that this release had deployed.
 */
export const deployInOrder: Step<InPlaceContext, Planned & Surveyed & NotedDeploys & Settled> = {
  name: 'deploy',
  title: 'Deploy service after service',
  gives: z.object({}),
  moment: 'switch',
  async run(context, { specs, behind, touched, marks }) {
    for (const spec of deployOrder(specs)) {
      const { service } = spec
      if (!behind.includes(service) && !touched.includes(service)) {
        say(context, 'It runs what it is to run, and nothing of it has changed', service)
        continue
      }
      await deployService(context, { service, source: deploySourceOf(spec, context.release.source), after: marks[service] ?? null })
    }
    return {}
  },
  async undo(context, { specs, served, marks }) {
    for (const spec of deployOrder(specs).toReversed()) {
      const { service } = spec
      await takeBack(context, { service, source: deploySourceOf(spec, context.release.source), after: marks[service] ?? null, to: served[service] ?? null })
    }
  },
}
