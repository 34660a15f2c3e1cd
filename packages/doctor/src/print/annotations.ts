import type { Finding } from '../finding.ts'

const commands = { error: 'error', warning: 'warning', info: 'notice' } as const

/** The findings as commands that a workflow on GitHub makes annotations of, one a line. */
export function annotationsOf(findings: readonly Finding[]): string {
  return findings.map((finding) => `${annotationOf(finding)}\n`).join('')
}

function annotationOf({ severity, file, line, column, rule, path, message, hint, why }: Finding): string {
  const properties = Object.entries({ file, line: String(line), col: String(column), title: rule })
  const text = [`${path === '' ? '' : `${path}: `}${message}`, why, ...(hint === undefined ? [] : [`Fix: ${hint}`])].join('\n')
  return `::${commands[severity]} ${properties.map(([name, value]) => `${name}=${inProperty(value)}`).join(',')}::${inMessage(text)}`
}

/** As the runner takes them apart: https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts */
function inMessage(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function inProperty(text: string): string {
  return inMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
