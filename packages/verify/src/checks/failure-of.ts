import { isPlimsollError, type PlimsollError } from '@plimsoll/model'
import type { Finding } from '../rehearsal/rehearsal-check.ts'

/** A problem with the lines that led to it. */
export function failureOf({ message, hint, details }: { readonly message: string; readonly hint?: string | undefined; readonly details?: unknown }): Finding {
  const log = linesIn(details)
  return { is: 'fail', finding: message, ...(hint !== undefined && { hint }), ...(log.length > 0 && { evidence: [{ title: 'Its last lines', text: log.join('\n') }] }) }
}

function linesIn(details: unknown): readonly string[] {
  const log: unknown = details !== null && typeof details === 'object' && 'log' in details ? details.log : undefined
  return Array.isArray(log) ? log.map(String) : []
}

/** What says something of what is verified, and not of the machine that it is tried on. */
const faults: ReadonlySet<string> = new Set(['MIGRATION_FAILED', 'CANDIDATE_EXITED', 'CANDIDATE_UNHEALTHY', 'CANDIDATE_UNREACHABLE', 'ARTIFACT_BROKEN'])

/** A place that is not able to is no fault of what is verified. */
export function saysSomething(error: unknown): error is PlimsollError {
  return isPlimsollError(error) && faults.has(error.code)
}
