import { isPlimsollError } from '@plimsoll/model'
import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'

/** Under which id everything that needs a running copy names it. */
export const bootStart = 'boot.start'

/** Raises the copy that other checks share: pre-deploy commands, start commands, health paths, all as a release has them. */
export function startCheck(): RehearsalCheck {
  return {
    id: bootStart,
    title: 'Every service gets healthy, from what was built and with its own start command',
    concern: 'health',
    limitMs: 180_000,
    async ask(rehearsal, signal) {
      const began = performance.now()
      try {
        const { units } = await rehearsal.shared(signal)
        const seconds = ((performance.now() - began) / 1000).toFixed(1)
        return [{ is: 'pass', finding: `${units.map(({ spec }) => spec.service).join(', ')} ${units.length === 1 ? 'is' : 'are'} up after ${seconds} s, with databases of their own` }]
      } catch (error) {
        // A place that is not able to is no fault of what is verified.
        if (!isPlimsollError(error) || !saysSomething.has(error.code)) throw error
        return [failure(error)]
      }
    },
  }
}

/** What says something of the candidate, and not of the machine that it is tried on. */
const saysSomething = new Set(['MIGRATION_FAILED', 'CANDIDATE_EXITED', 'CANDIDATE_UNHEALTHY', 'CANDIDATE_UNREACHABLE', 'ARTIFACT_BROKEN'])

function failure({ message, hint, details }: { readonly message: string; readonly hint?: string | undefined; readonly details?: unknown }): Finding {
  const log = linesIn(details)
  return { is: 'fail', finding: message, ...(hint !== undefined && { hint }), ...(log.length > 0 && { evidence: [{ title: 'Its last lines', text: log.join('\n') }] }) }
}

function linesIn(details: unknown): readonly string[] {
  const log: unknown = details !== null && typeof details === 'object' && 'log' in details ? details.log : undefined
  return Array.isArray(log) ? log.map(String) : []
}
