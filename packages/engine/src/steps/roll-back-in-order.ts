import type { UnitSpec } from '@plimsoll/model'
import { z } from 'zod'
import { deployOrder } from '../in-place/deploy-order.ts'
import { say, type InPlaceContext } from '../in-place/in-place-context.ts'
import { goForward, rollServiceBack, type GoingBack } from '../in-place/roll-service-back.ts'
import type { Step } from '../step.ts'
import type { ChosenDeploys } from './choose-deploys.ts'
import type { NotedLive } from './note-live.ts'

/**
 * Rolls one service back after the other, those first that reach others, and switches auto-deploy off for each, which a rollback by an API
 * does not do. Its undo goes forward again in the other order, to what was live; auto-deploy stays off, and that is said.
 */
export const rollBackInOrder: Step<InPlaceContext, ChosenDeploys & NotedLive> = {
  name: 'roll-back',
  title: 'Roll back service after service',
  gives: z.object({}),
  moment: 'switch',
  async run(context, state) {
    for (const going of goingBack(state)) await rollServiceBack(context, going)
    return {}
  },
  async undo(context, state) {
    for (const going of goingBack(state).toReversed()) await goForward(context, going)
    say(context, 'Auto-deploy stays off where it was switched off: switch it on again where you want it')
  },
}

function goingBack({ specs, back, served, marks }: ChosenDeploys & NotedLive): GoingBack[] {
  const going = ({ service }: UnitSpec): GoingBack[] => {
    const to = back[service]
    return to === undefined ? [] : [{ service, to, from: served[service] ?? null, after: marks[service] ?? null }]
  }
  return deployOrder(specs).toReversed().flatMap(going)
}
