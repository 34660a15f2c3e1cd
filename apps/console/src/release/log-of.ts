import { formatDiagnostic, type Diagnostic, type Problem } from '@plimsoll/model'

/** The lines that explain a problem: what a command printed, or every place in a file that is wrong. */
export function logOf({ details }: Pick<Problem, 'details'>): string[] {
  const diagnostics = details?.['diagnostics']
  if (Array.isArray(diagnostics) && diagnostics.every(isDiagnostic)) return diagnostics.flatMap((each) => [formatDiagnostic(each), ...(each.hint === undefined ? [] : [`  ${each.hint}`])])
  const lines = details?.['log']
  return Array.isArray(lines) && lines.every((line) => typeof line === 'string') ? lines.map(plain) : []
}

type Shown = Pick<Diagnostic, 'file' | 'line' | 'column' | 'path' | 'message' | 'hint'>

/** By hand, for this runs in browsers too: a schema would bring a third of all that they load. What has these two has the rest, as the API gives them. */
function isDiagnostic(value: unknown): value is Shown {
  return typeof value === 'object' && value !== null && 'file' in value && 'message' in value
}

/** A line without the escape sequences that colour it on a terminal, and without what a carriage return overwrote. */
export function plain(line: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return line.replaceAll(/\u001B(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)|[@-Z\\-_])/g, '').replace(/^[^]*\r(?!$)/, '').trimEnd()
}
