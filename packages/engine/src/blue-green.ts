import { pipeline } from './step.ts'
import type { EdgeContext } from './release-context.ts'
import { build } from './steps/build.ts'
import { compare } from './steps/compare.ts'
import { handOverWorkers } from './steps/hand-over-workers.ts'
import { migrate } from './steps/migrate.ts'
import { plan } from './steps/plan.ts'
import { prove } from './steps/prove.ts'
import { provision } from './steps/provision.ts'
import { publishAssets } from './steps/publish-assets.ts'
import { retirePrevious } from './steps/retire-previous.ts'
import { shiftTraffic } from './steps/shift-traffic.ts'
import { startCandidate } from './steps/start-candidate.ts'
import { verifyCandidate } from './steps/verify-candidate.ts'
import { warmCandidate } from './steps/warm-candidate.ts'

/** How a release goes wherever a candidate can run beside what is live: process, docker, swarm. */
export const blueGreen = pipeline<EdgeContext>()
  .step(plan)
  .step(provision)
  .step(build)
  .step(compare)
  .step(prove)
  .step(publishAssets)
  .step(migrate)
  .step(startCandidate)
  .step(warmCandidate)
  .step(verifyCandidate)
  .step(shiftTraffic)
  .step(handOverWorkers)
  .step(retirePrevious)
