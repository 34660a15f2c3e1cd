import { formatDiagnostic } from '@plimsoll/model'
import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import type { SourceReaders } from '../source-code.ts'

/** Told by a check of its own, which looks at the value as well. */
const toldElsewhere = new Set(['literal-secret'])

/** Every name and reference in the Blueprint leads somewhere. What is legal and goes wrong all the same is advice. */
export function blueprintResolves({ readBlueprint }: Pick<SourceReaders, 'readBlueprint'>): RehearsalCheck {
  return {
    id: 'blueprint.resolves',
    title: 'Everything that the Blueprint names is there',
    concern: 'blueprint',
    limitMs: 10_000,
    async ask({ blueprint: text, source }) {
      const { diagnostics } = readBlueprint(text, { file: source.blueprint })
      const findings = diagnostics.filter(({ rule, severity }) => severity !== 'info' && !toldElsewhere.has(rule)).map((diagnostic): Finding => ({
        is: 'fail',
        ...(diagnostic.severity === 'warning' && { weight: 'advice' }),
        finding: formatDiagnostic(diagnostic),
        ...(diagnostic.hint !== undefined && { hint: sentence(diagnostic.hint) }),
        reproduce: 'plimsoll check',
      }))
      return findings.length > 0 ? findings : [{ is: 'pass', finding: `All references of ${source.blueprint} lead somewhere` }]
    },
  }
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`
}
