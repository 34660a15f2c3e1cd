import type { Probe } from '@plimsoll/engine'
import { ofRelease } from './checks/boot/of-release.ts'
import { startCheck } from './checks/boot/start-check.ts'
import { loadCheck } from './checks/load/load-check.ts'
import { browserChecks } from './checks/web/browser-checks.ts'
import { linksCheck } from './checks/web/links-check.ts'
import { staticSitesCheck } from './checks/web/static-sites-check.ts'
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
    linksCheck(),
    staticSitesCheck(),
    ...browserChecks(),
    loadCheck(),
  ]
}
