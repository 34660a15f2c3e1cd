import type { Failure } from './load-record.ts'

/** What a broken connection was, as a failure: `begun` says whether an answer had begun, `reused` whether the connection had served before. */
export function explainBreak(what: string, error: unknown, seen: { readonly begun: boolean; readonly reused: boolean }): Failure {
  const code = codeOf(error)
  const where = seen.reused ? 'on a reused connection' : 'on a new connection'
  const detail = `${what}: ${code} ${where}`
  if (code.startsWith('HPE_')) return { is: 'garbled', detail }
  if (seen.begun) return { is: 'cut', detail }
  return { is: code === 'ECONNREFUSED' ? 'refused' : 'reset', detail }
}

function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0])
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  return error instanceof Error ? error.name : String(error)
}
