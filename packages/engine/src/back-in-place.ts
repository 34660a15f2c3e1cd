import type { BackInPlaceContext } from './in-place/in-place-context.ts'
import { pipeline } from './step.ts'
import { checkPublic } from './steps/check-public.ts'
import { chooseDeploys } from './steps/choose-deploys.ts'
import { noteLive } from './steps/note-live.ts'
import { rollBackInOrder } from './steps/roll-back-in-order.ts'

/** How an App goes back to an earlier Release where a platform moves traffic by itself: nothing is built, and no setting is changed back but by the platform. */
export const backInPlace = pipeline<BackInPlaceContext>()
  .step(chooseDeploys)
  .step(noteLive)
  .step(rollBackInOrder)
  .step(checkPublic)
