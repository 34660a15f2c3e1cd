import { pipeline } from './step.ts'
import type { EdgeContext } from './release-context.ts'
import { build } from './steps/build.ts'
import { compare } from './steps/compare.ts'
import { migrate } from './steps/migrate.ts'
import { pauseTraffic } from './steps/pause-traffic.ts'
import { plan } from './steps/plan.ts'
import { prove } from './steps/prove.ts'
import { provision } from './steps/provision.ts'
import { publishAssets } from './steps/publish-assets.ts'
import { restWorkers } from './steps/rest-workers.ts'
import { resumeTraffic } from './steps/resume-traffic.ts'
import { retirePrevious } from './steps/retire-previous.ts'
import { shiftTraffic } from './steps/shift-traffic.ts'
import { startCandidate } from './steps/start-candidate.ts'
import { verifyCandidate } from './steps/verify-candidate.ts'
import { wakeWorkers } from './steps/wake-workers.ts'
import { warmCandidate } from './steps/warm-candidate.ts'

/**
 * How a release goes whose schema change cannot overlap: the old release must not meet the new schema, nor the new one the old.
 * Requests wait at the edge from before the migration until after the switch, which costs them seconds and nothing else.
 */
export const blueGreenPaused = pipeline<EdgeContext>()
  .step(plan)
  .step(provision)
  .step(build)
  .step(compare)
  .step(prove)
  .step(publishAssets)
  .step(pauseTraffic)
  .step(restWorkers)
  .step(migrate)
  .step(startCandidate)
  .step(warmCandidate)
  .step(verifyCandidate)
  .step(shiftTraffic)
  .step(resumeTraffic)
  .step(wakeWorkers)
  .step(retirePrevious)
