import { diagnosticSchema, formatDiagnostic, type Problem } from '@plimsoll/model'
import { z } from 'zod'

const linesSchema = z.array(z.string())
const diagnosticsSchema = z.array(diagnosticSchema)

/** The lines that explain a problem: what a command printed, or every place in a file that is wrong. */
export function logOf({ details }: Pick<Problem, 'details'>): string[] {
  const diagnostics = diagnosticsSchema.safeParse(details?.['diagnostics'])
  if (diagnostics.success) return diagnostics.data.flatMap((each) => [formatDiagnostic(each), ...(each.hint === undefined ? [] : [`  ${each.hint}`])])
  const lines = linesSchema.safeParse(details?.['log'])
  return lines.success ? lines.data.map(plain) : []
}

/** A line without the escape sequences that colour it on a terminal, and without what a carriage return overwrote. */
export function plain(line: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return line.replaceAll(/\u001B(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)|[@-Z\\-_])/g, '').replace(/^[^]*\r(?!$)/, '').trimEnd()
}
