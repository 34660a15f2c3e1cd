import type { Probe } from '@plimsoll/engine'
import { cronRunsCheck } from './checks/boot/cron-runs-check.ts'
import { ofRelease } from './checks/boot/of-release.ts'
import { startCheck } from './checks/boot/start-check.ts'
import { staysUpCheck } from './checks/boot/stays-up-check.ts'
import { healthCheck } from './health-check.ts'
import { pagesCheck } from './pages-check.ts'
import { readinessCheck } from './readiness-check.ts'
import type { RehearsalCheck } from './rehearsal/rehearsal-check.ts'
import { wiringCheck } from './wiring-check.ts'

/** Every question of a verification that needs no test code of the user's, in the order in which they are shown. */
export function rehearsalChecks(probe: Probe): readonly RehearsalCheck[] {
  return [
    startCheck(),
    ofRelease(healthCheck(probe), 'health'),
    ofRelease(readinessCheck(probe), 'health'),
    ofRelease(wiringCheck(), 'services'),
    ofRelease(pagesCheck(), 'web'),
    cronRunsCheck(),
    staysUpCheck(),
  ]
}
