import type { InPlaceContext } from './in-place/in-place-context.ts'
import { pipeline } from './step.ts'
import { checkPublic } from './steps/check-public.ts'
import { deployInOrder } from './steps/deploy-in-order.ts'
import { noteDeploys } from './steps/note-deploys.ts'
import { plan } from './steps/plan.ts'
import { proveCommit } from './steps/prove.ts'
import { settle } from './steps/settle.ts'
import { survey } from './steps/survey.ts'

/** How a release goes where a platform builds and moves traffic by itself, one service at a time. */
export const inPlace = pipeline<InPlaceContext>()
  .step(plan)
  .step(survey)
  .step(proveCommit)
  .step(noteDeploys)
  .step(settle)
  .step(deployInOrder)
  .step(checkPublic)
