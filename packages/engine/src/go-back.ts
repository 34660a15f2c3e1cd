import { pipeline } from './step.ts'
import type { EdgeContext } from './release-context.ts'
import { chooseTarget } from './steps/choose-target.ts'
import { handWorkersBack } from './steps/hand-workers-back.ts'
import { retirePrevious } from './steps/retire-previous.ts'
import { shiftBack } from './steps/shift-back.ts'
import { warmTarget } from './steps/warm-target.ts'

/** How an App goes back to an earlier Release. A list of its own: nothing is built and no schema is touched. */
export const goBack = pipeline<EdgeContext>()
  .step(chooseTarget)
  .step(warmTarget)
  .step(shiftBack)
  .step(handWorkersBack)
  .step(retirePrevious)
