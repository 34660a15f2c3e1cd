import { placeIn } from '../place.ts'
import type { Rule } from '../rule.ts'

export const encoding: Rule = {
  id: 'encoding',
  severity: 'error',
  holds: 'The file is UTF-8.',
  why: 'Readers of YAML refuse bytes that are no text.',
  *find({ intact, text, inspected }) {
    // Of a file that is too large only the beginning was read.
    if (intact || inspected.faults.some(({ diagnostic }) => diagnostic.rule === 'file-size')) return
    yield { place: placeIn(text, text.indexOf('\uFFFD')), message: 'here is a byte that is no UTF-8', fix: 'save the file as UTF-8' }
  },
}
