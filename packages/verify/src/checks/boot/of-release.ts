import type { Check } from '@plimsoll/engine'
import type { Concern, Verdict } from '@plimsoll/model'
import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import { bootStart } from './start-check.ts'

/** A check that every release is asked beside what is live, asked of the shared copy already. */
export function ofRelease({ id, title, ask }: Check, concern: Concern): RehearsalCheck {
  return {
    id, title, concern, after: [bootStart], limitMs: 60_000,
    async ask(rehearsal, signal) {
      const verdicts = await ask({ units: (await rehearsal.shared(signal)).units }, signal)
      return verdicts.map(findingIn)
    },
  }
}

/** Without what whoever asks adds. */
function findingIn({ check: _check, tookMs: _tookMs, ...finding }: Verdict): Finding {
  return finding
}
