import type { Probe } from '@plimsoll/engine'
import { cookiesCheck } from './checks/auth/cookies-check.ts'
import { protectedRoutesCheck } from './checks/auth/protected-routes-check.ts'
import { bindAddressCheck } from './checks/boot/bind-address-check.ts'
import { cronRunsCheck } from './checks/boot/cron-runs-check.ts'
import { honestHealthCheck } from './checks/boot/honest-health-check.ts'
import { ofRelease } from './checks/boot/of-release.ts'
import { portCheck } from './checks/boot/port-check.ts'
import { requiredVariablesCheck } from './checks/boot/required-variables-check.ts'
import { startCheck } from './checks/boot/start-check.ts'
import { staysUpCheck } from './checks/boot/stays-up-check.ts'
import { timeCheck } from './checks/boot/time-check.ts'
import { generatedRequestsCheck } from './checks/errors/generated-requests-check.ts'
import { unknownPathsCheck } from './checks/errors/unknown-paths-check.ts'
import { loadCheck } from './checks/load/load-check.ts'
import { carriesTrafficCheck } from './checks/services/carries-traffic-check.ts'
import { corsCheck } from './checks/services/cors-check.ts'
import { cutCheck } from './checks/services/cut-check.ts'
import { gracefulCheck } from './checks/shutdown/graceful-check.ts'
import { browserChecks } from './checks/web/browser-checks.ts'
import { linksCheck } from './checks/web/links-check.ts'
import { staticSitesCheck } from './checks/web/static-sites-check.ts'
import { connectionsCheck } from './checks/database/connections-check.ts'
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
    // What takes longest begins first: the others are asked beside it.
    requiredVariablesCheck(),
    gracefulCheck(),
    generatedRequestsCheck(),
    honestHealthCheck(),
    cutCheck(),
    bindAddressCheck(),
    portCheck(),
    ofRelease(healthCheck(probe), 'health'),
    ofRelease(readinessCheck(probe), 'health'),
    ofRelease(wiringCheck(), 'services'),
    carriesTrafficCheck(),
    corsCheck(),
    protectedRoutesCheck(),
    cookiesCheck(),
    unknownPathsCheck(),
    ofRelease(pagesCheck(), 'web'),
    switchCheck(),
    cronRunsCheck(),
    linksCheck(),
    staticSitesCheck(),
    // They wait for one tour of a browser, and so come after what could be asked meanwhile.
    ...browserChecks(),
    timeCheck(),
    loadCheck(),
    // Both look at what all the others have left behind.
    connectionsCheck(),
    staysUpCheck(),
  ]
}
