import type { Probe } from '@plimsoll/engine'
import { bindAddressCheck } from './checks/boot/bind-address-check.ts'
import { honestHealthCheck } from './checks/boot/honest-health-check.ts'
import { ofRelease } from './checks/boot/of-release.ts'
import { portCheck } from './checks/boot/port-check.ts'
import { requiredVariablesCheck } from './checks/boot/required-variables-check.ts'
import { startCheck } from './checks/boot/start-check.ts'
import { loadCheck } from './checks/load/load-check.ts'
import { carriesTrafficCheck } from './checks/services/carries-traffic-check.ts'
import { cutCheck } from './checks/services/cut-check.ts'
import { gracefulCheck } from './checks/shutdown/graceful-check.ts'
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
    bindAddressCheck(),
    portCheck(),
    ofRelease(healthCheck(probe), 'health'),
    ofRelease(readinessCheck(probe), 'health'),
    honestHealthCheck(),
    requiredVariablesCheck(),
    ofRelease(wiringCheck(), 'services'),
    carriesTrafficCheck(),
    cutCheck(),
    gracefulCheck(),
    ofRelease(pagesCheck(), 'web'),
    linksCheck(),
    staticSitesCheck(),
    // They wait for one tour of a browser, and so come after what could be asked meanwhile.
    ...browserChecks(),
    loadCheck(),
  ]
}
