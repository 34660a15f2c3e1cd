/** Asks a candidate questions and returns verdicts with evidence: what every release needs. What a verification needs besides is behind `./rehearse`. */
import type { Check, Probe } from '@plimsoll/engine'
import { healthCheck } from './health-check.ts'
import { pagesCheck } from './pages-check.ts'
import { readinessCheck } from './readiness-check.ts'
import { wiringCheck } from './wiring-check.ts'

export { createProbe } from './socket-probe.ts'
export { healthCheck } from './health-check.ts'
export { readinessCheck } from './readiness-check.ts'
export { pagesCheck } from './pages-check.ts'
export { wiringCheck } from './wiring-check.ts'
export { createPublicChecks, type PublicChecksParts } from './public-checks.ts'
export { createWarmUp, usualWarmUp, type WarmUpLimits } from './warm-up.ts'
export { findBrowser } from './find-browser.ts'
export { copyNames } from './rehearsal/copy-names.ts'
export { envelopeSchema, readStatement } from './attestation/sign-statement.ts'
export { testResultSchema } from './attestation/test-result.ts'
export type { Near } from './near.ts'
export { removeSuites } from './suites/run/run-command.ts'
export type { RehearsalCheck } from './rehearsal/rehearsal-check.ts'
export type { MarkedProcesses, SuiteWorld } from './suites/suite-world.ts'

/** Every check that needs no test code of the user's, in the order in which they are shown. */
export function builtInChecks(probe: Probe, pages = pagesCheck()): readonly Check[] {
  return [healthCheck(probe), readinessCheck(probe), wiringCheck(), pages]
}
