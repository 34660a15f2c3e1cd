import { diagnosticSchema, formatDiagnostic, type Diagnostic, type Problem } from '@plimsoll/model'
import { z } from 'zod'
import type { Painter } from './painter.ts'
import { plainText, printedLine } from './printed-line.ts'

const detailsSchema = z.object({
  log: z.array(z.string()).optional().catch(undefined),
  diagnostics: z.array(diagnosticSchema).optional().catch(undefined),
  service: z.string().optional().catch(undefined),
  stack: z.string().optional().catch(undefined),
})

/** A problem as a person reads it: the log that explains it, then what happened, then what to type. The last lines stay on the screen, so they are the ones that matter. */
export function problemText(problem: Problem, paint: Painter): string {
  const details = detailsSchema.parse(problem.details ?? {})
  const parts = [
    logText(details.log ?? [], details.service, paint),
    ...(details.diagnostics ?? []).map((each) => diagnosticText(each, paint)),
    `${paint(['red', 'bold'], '✗')} ${plainText(problem.message)} ${paint('dim', `[${problem.code}]`)}`,
    problem.hint === undefined ? '' : `  ${paint('cyan', '→')} ${plainText(problem.hint)}`,
    problem.code === 'BUG' ? paint('dim', plainText(details.stack ?? '')) : '',
  ]
  return `${parts.filter((part) => part !== '').join('\n')}\n`
}

/** One diagnostic on one or two lines. */
export function diagnosticText(diagnostic: Diagnostic, paint: Painter): string {
  const style = diagnostic.severity === 'error' ? 'red' : diagnostic.severity === 'warning' ? 'yellow' : 'blue'
  const hint = diagnostic.hint === undefined ? '' : `\n    ${paint('cyan', '→')} ${plainText(diagnostic.hint)}`
  return `${paint(style, diagnostic.severity.padEnd(7))} ${plainText(formatDiagnostic(diagnostic))} ${paint('dim', `(${diagnostic.rule})`)}${hint}`
}

function logText(log: readonly string[], service: string | undefined, paint: Painter): string {
  if (log.length === 0) return ''
  const bar = paint('dim', '│')
  return [paint('dim', `┌ the last ${log.length} lines${service === undefined ? '' : ` of ${plainText(service)}`}`), ...log.map((line) => `${bar} ${printedLine(line, paint)}`), paint('dim', '└')].join('\n')
}
