import type { Config } from '@plimsoll/testing/config-schema'
import type { RehearsalCheck } from '../rehearsal/rehearsal-check.ts'

/**
 * The same checks, where those that a configuration leaves out answer that they were skipped, and why: what nobody asked stays in every report.
 * Ids that no check has are given too: a check that was renamed must not be thought to be left out.
 */
export function skipChecks(checks: readonly RehearsalCheck[], { skip }: Config['checks']): { readonly checks: readonly RehearsalCheck[]; readonly unknown: readonly string[] } {
  const reasons = new Map(skip.map(({ check, reason }) => [check, reason]))
  return {
    checks: checks.map((check) => {
      const reason = reasons.get(check.id)
      return reason === undefined ? check : { ...check, after: [], ask: () => Promise.resolve([{ is: 'skipped', finding: `Left out by the configuration: ${reason}` }]) }
    }),
    unknown: [...reasons.keys()].filter((id) => !checks.some((check) => check.id === id)),
  }
}
