import { blocks, verdictsOf, verificationSchema, verificationSummarySchema, type Verification, type VerificationSummary } from '@plimsoll/model'
import { minutesAgo } from './storefront.ts'

const asked = (check: { readonly id: string; readonly concern: string; readonly title: string }, verdicts: readonly object[]) => ({
  ...check, startedAt: minutesAgo(30), tookMs: 1_200, after: [], verdicts: verdicts.map((verdict) => ({ is: 'pass', finding: 'As it should be', tookMs: 1_200, ...verdict, check: check.id })),
})

/** The storefront on its way to being released: blocked, with something of everything that there is to tell. */
export const blocked: Verification = verificationSchema.parse({
  version: 1, id: 'mb4k2', app: 'storefront', place: 'process', state: 'blocked', startedAt: minutesAgo(31), endedAt: minutesAgo(30), against: 13, seed: 7, directory: '/home/ada/.plimsoll/verifications/mb4k2',
  source: { root: '/home/ada/storefront', blueprint: 'render.yaml', commit: '9f3c2a7d1e', branch: 'main', subject: 'Show the delivery date in the cart', dirty: false }, blueprint: `sha256:${'c'.repeat(64)}`,
  artifacts: [{ service: 'web', digest: `sha256:${'a'.repeat(64)}`, inputs: `sha256:${'b'.repeat(64)}`, sizeBytes: 18_400_000 }],
  checks: [
    asked({ id: 'boot.start', concern: 'health', title: 'Every service starts and gets healthy' }, [{ service: 'web', finding: 'web is healthy after 1.4 s' }, { service: 'api', finding: 'api is healthy after 0.6 s' }]),
    asked({ id: 'web.browser', concern: 'web', title: 'Pages show something in a real browser' }, [{
      service: 'web', is: 'fail', finding: 'web: /cart: answers 500', reproduce: 'Open /cart of web in a browser', hint: 'Open the page with the log of the service beside it.',
      evidence: [{ title: 'Console and network of /cart', text: "<b>TypeError</b>: Cannot read properties of undefined (reading 'deliveryDate')" }, { title: '/cart of web, wide', file: 'web/web/cart.wide.png' }],
    }]),
    asked({ id: 'web.accessibility', concern: 'web', title: 'Pages have no serious finding of axe' }, [{ service: 'web', is: 'fail', weight: 'advice', finding: 'web: /: a button has no name' }]),
    asked({ id: 'load.requests', concern: 'load', title: 'Under load it fails nobody' }, [{ is: 'skipped', because: 'web.browser', finding: 'Not asked, because web.browser failed' }]),
    asked({ id: 'services.cors', concern: 'services', title: 'The pages may call the API' }, [{ is: 'skipped', finding: 'No service is called by pages of another' }]),
  ],
  suites: [{
    name: 'journeys', command: 'node tests/run.mjs journeys', is: 'failed', startedAt: minutesAgo(31), tookMs: 5_800, log: [],
    tests: [{ name: 'checkout › pays with a card', is: 'failed', tookMs: 2_100, attempts: 2, message: 'Expected: "Thank you"\nReceived: "Something went wrong"' }],
  }],
})

/** The same before, when nothing was wrong with it. */
export const passed: Verification = verificationSchema.parse({ ...blocked, id: 'mb4k1', state: 'passed', startedAt: minutesAgo(200), endedAt: minutesAgo(199), suites: [], checks: blocked.checks.slice(0, 1) })

export function summaryOf(verification: Verification): VerificationSummary {
  const verdicts = verdictsOf(verification)
  return verificationSummarySchema.parse({ ...verification, passed: verdicts.filter(({ is }) => is === 'pass').length, blocking: verdicts.filter(blocks).length })
}
