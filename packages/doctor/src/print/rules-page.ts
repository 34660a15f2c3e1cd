import type { Rule } from '../rule.ts'

const titles = { error: 'Errors', warning: 'Warnings', info: 'Remarks' } as const
const about = {
  error: 'What Render refuses. Nothing is released from such a file.',
  warning: 'What Render takes, and what goes wrong all the same. `--strict` counts them as errors.',
  info: 'What is good to know.',
} as const

/** `docs/rules.md`, made of the rules. */
export function rulesPage(rules: readonly Rule[]): string {
  const sections = (['error', 'warning', 'info'] as const).map((severity) => {
    const rows = rules.filter((rule) => rule.severity === severity).map(({ id, holds, why, mends }) => `| \`${id}\` | ${cell(holds)} | ${cell(why)} | ${mends ? 'yes' : ''} |`)
    return [`## ${titles[severity]}`, '', about[severity], '', '| Rule | Holds | Why | `--fix` |', '|---|---|---|---|', ...rows, ''].join('\n')
  })
  return ['# Rules of `plimsoll doctor`', '', `Made from the rules themselves: ${rules.length} of them. How they are used: [doctor.md](doctor.md).`, '', ...sections].join('\n')
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/<(?=<)/g, '&lt;')
}
