/** Asks a candidate questions and returns verdicts with evidence. */
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
export { artifactChecks } from './checks/artifact/artifact-checks.ts'
export { staticChecks, type StaticCheckParts } from './checks/static/static-checks.ts'
export type { ServiceProgram, SourceCode, SourcePackage, SourceReaders } from './checks/source-code.ts'
export { askAll, type AskingEvent } from './rehearsal/ask-all.ts'
export { copyNames } from './rehearsal/copy-names.ts'
export { openRehearsal, type OpenRehearsal } from './rehearsal/open-rehearsal.ts'
export type { CopySurroundings, RehearsalParts, Version } from './rehearsal/rehearsal-parts.ts'
export type { RehearsalCheck } from './rehearsal/rehearsal-check.ts'
export type { KnownSecret } from './rehearsal/rehearsal.ts'
export { envelopeSchema, readStatement, signStatement } from './attestation/sign-statement.ts'
export { testResultOf, testResultSchema } from './attestation/test-result.ts'
export { findBrowser } from './find-browser.ts'
export { rehearsalChecks } from './rehearsal-checks.ts'
export { databaseChecks } from './checks/database/database-checks.ts'
export { switchCheck } from './checks/release/switch-check.ts'
export { createWarmUp, usualWarmUp, type WarmUpLimits } from './warm-up.ts'
export type { Config as SuiteConfig } from '@plimsoll/testing/config-schema'
export { readConfig, type ConfigReading, type ReadConfig } from './suites/config/read-config.ts'
export { removeSuites } from './suites/run/run-command.ts'
export { skipChecks } from './suites/skip-checks.ts'
export { suiteChecks, type SuiteChecksOptions } from './suites/suite-checks.ts'
export type { MarkedProcesses, SuiteWorld } from './suites/suite-world.ts'

/** Every check that needs no test code of the user's, in the order in which they are shown. */
export function builtInChecks(probe: Probe): readonly Check[] {
  return [healthCheck(probe), readinessCheck(probe), wiringCheck(), pagesCheck()]
}
