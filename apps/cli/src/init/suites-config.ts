import type { Proposal } from './propose-blueprint.ts'

/** `plimsoll.config.ts` for the suites that the repository has; undefined where it has none. */
export function suitesConfig({ found: { suites } }: Proposal): string | undefined {
  if (suites.length === 0) return undefined
  return `${[
    '// Suites that `plimsoll verify` runs. Where each finds what it asks is said in its environment (PLIMSOLL_<SERVICE>_URL).',
    'export default {',
    '  suites: [',
    ...suites.flatMap(({ name, command, browser, from }) => [`    // ${from}`, `    { name: ${quoted(name)}, command: ${quoted(command)}${browser ? ', needs: { browser: true }' : ''} },`]),
    '  ],',
    '}',
  ].join('\n')}\n`
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
