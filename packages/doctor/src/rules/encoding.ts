import type { Rule } from '../rule.ts'

export const encoding: Rule = {
  id: 'encoding',
  severity: 'error',
  holds: 'The file is UTF-8.',
  why: 'Readers of YAML refuse bytes that are no text.',
  *find({ intact, text }) {
    if (intact) return
    const before = text.slice(0, Math.max(0, text.indexOf('\uFFFD'))).split('\n')
    const at = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
    yield { place: { at, path: '' }, message: 'here is a byte that is no UTF-8', fix: 'save the file as UTF-8' }
  },
}
