import type { Finding } from '../finding.ts'
import type { Rule } from '../rule.ts'

const levels = { error: 'error', warning: 'warning', info: 'note' } as const

/** The findings as a SARIF 2.1.0 log, with every rule that could have spoken: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export function sarifOf(findings: readonly Finding[], { rules, version }: { readonly rules: readonly Rule[]; readonly version: string }): object {
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [{
      tool: { driver: { name: 'Plimsoll doctor', semanticVersion: version, rules: rules.map(descriptorOf) } },
      columnKind: 'utf16CodeUnits',
      originalUriBaseIds: { ROOT: { description: { text: 'The root of the repository.' } } },
      results: findings.map((finding) => resultOf(finding, rules)),
    }],
  }
}

function descriptorOf({ id, severity, holds, why }: Rule): object {
  return { id, shortDescription: { text: holds }, fullDescription: { text: why }, defaultConfiguration: { level: levels[severity] } }
}

function resultOf({ rule, severity, file, line, column, path, message, hint, why }: Finding, rules: readonly Rule[]): object {
  const text = [`${path === '' ? '' : `${path}: `}${message}.`, why, ...(hint === undefined ? [] : [`Fix: ${hint}.`])].join(' ')
  return {
    ruleId: rule,
    ruleIndex: rules.findIndex(({ id }) => id === rule),
    level: levels[severity],
    message: { text },
    locations: [{
      physicalLocation: { artifactLocation: { uri: file.split('/').map(encodeURIComponent).join('/'), uriBaseId: 'ROOT' }, region: { startLine: line, startColumn: column } },
      ...(path !== '' && { logicalLocations: [{ fullyQualifiedName: path }] }),
    }],
    // Lines move with every change; what is wrong, and of what, does not.
    partialFingerprints: { 'plimsoll/v1': `${rule}|${file}|${path}` },
  }
}
