import type { Probe } from '@plimsoll/engine'
import { bindAddressCheck } from './checks/boot/bind-address-check.ts'
import { cronRunsCheck } from './checks/boot/cron-runs-check.ts'
import { ofRelease } from './checks/boot/of-release.ts'
import { portCheck } from './checks/boot/port-check.ts'
import { startCheck } from './checks/boot/start-check.ts'
import { staysUpCheck } from './checks/boot/stays-up-check.ts'
import { databaseChecks } from './checks/database/database-checks.ts'
import { switchCheck } from './checks/release/switch-check.ts'
import { healthCheck } from './health-check.ts'
import { pagesCheck } from './pages-check.ts'
import { readinessCheck } from './readiness-check.ts'
import type { RehearsalCheck } from './rehearsal/rehearsal-check.ts'
import { wiringCheck } from './wiring-check.ts'

/** Every question of a verification that needs no test code of the user's, in the order in which they are shown. */
export function rehearsalChecks(probe: Probe): readonly RehearsalCheck[] {
  return [
    ...databaseChecks(),
    startCheck(),
    bindAddressCheck(),
    portCheck(),
    ofRelease(healthCheck(probe), 'health'),
    ofRelease(readinessCheck(probe), 'health'),
    ofRelease(wiringCheck(), 'services'),
    ofRelease(pagesCheck(), 'web'),
    switchCheck(),
    cronRunsCheck(),
    staysUpCheck(),
  ]
}
