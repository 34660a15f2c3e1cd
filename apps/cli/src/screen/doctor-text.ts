import type { Finding } from '@plimsoll/doctor'
import type { Painter } from './painter.ts'
import { plainText } from './printed-line.ts'

const styles = { error: 'red', warning: 'yellow', info: 'blue' } as const
const words = { error: ['error', 'errors'], warning: ['warning', 'warnings'], info: ['remark', 'remarks'] } as const

interface Screen {
  /** The Blueprint, as the person called it. */
  readonly file: string
  /** How many findings were mended just now. */
  readonly mended: number
  readonly paint: Painter
}

/** Findings by file, each with its place, why it matters and what to do; nothing about what is fine but one line. */
export function doctorText(findings: readonly Finding[], { file, mended, paint }: Screen): string {
  const files = [...new Set(findings.map((finding) => finding.file))]
  const parts = files.map((each) => [paint('bold', plainText(each)), ...findings.filter((finding) => finding.file === each).map((finding) => findingText(finding, paint)), ''].join('\n'))
  const gone = mended === 0 ? '' : `${paint('green', '✓')} ${count(mended, ['finding', 'findings'])} mended.\n`
  return `${parts.map((part) => `${part}\n`).join('')}${gone}${sumText(findings, file, paint)}\n`
}

/** What `--fix` would write. */
export function diffText(diff: string, paint: Painter): string {
  const style = (line: string) => (/^(?:\+\+\+|---)/.test(line) ? 'bold' : line.startsWith('+') ? 'green' : line.startsWith('-') ? 'red' : line.startsWith('@@') ? 'cyan' : 'dim')
  return diff.split('\n').map((line) => (line === '' ? '' : paint(style(line), plainText(line)))).join('\n')
}

function findingText({ severity, line, column, rule, path, message, why, hint }: Finding, paint: Painter): string {
  const place = `${line}:${column}`.padEnd(7)
  const head = `  ${place} ${paint(styles[severity], severity.padEnd(7))} ${paint('bold', rule)}  ${path === '' ? '' : `${plainText(path)}: `}${plainText(message)}`
  const reason = `          ${paint('dim', plainText(why))}`
  return [head, reason, ...(hint === undefined ? [] : [`          ${paint('cyan', '→')} ${plainText(hint)}`])].join('\n')
}

function sumText(findings: readonly Finding[], file: string, paint: Painter): string {
  const counts = (['error', 'warning', 'info'] as const).flatMap((severity) => {
    const many = findings.filter((finding) => finding.severity === severity).length
    return many === 0 ? [] : [count(many, words[severity])]
  })
  const more = findings.some(({ remedy }) => remedy !== undefined) ? ' To mend what can be: plimsoll doctor --fix' : ''
  if (counts.length === 0) return `${paint('green', '✓')} Nothing in ${plainText(file)} and its repository is known to go wrong.`
  const sign = findings.some(({ severity }) => severity === 'error') ? paint('red', '✗') : paint('yellow', '!')
  return `${sign} ${counts.join(', ')}.${more}`
}

function count(many: number, [one, several]: readonly [string, string]): string {
  return `${many} ${many === 1 ? one : several}`
}
