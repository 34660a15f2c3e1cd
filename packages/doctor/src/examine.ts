import { isAllowed } from './allowed.ts'
import type { Finding } from './finding.ts'
import type { Found, Rule } from './rule.ts'
import { rules } from './rules.ts'
import type { Subject } from './subject.ts'

/** Everything that will go wrong, in the order of the files, the Blueprint first. The same for the same subject; throws nothing. */
export function examine(subject: Subject): Finding[] {
  const all = rules.flatMap((rule) => [...rule.find(subject)].map((each) => findingOf(rule, each, subject)))
  const lines = new Map<string, readonly string[]>([[subject.file, subject.text.split('\n')]])
  const found = all.filter((finding) => !isAllowed(finding, linesOf(finding.file, lines, subject)))
  return found.toSorted((a, b) => inFileOrder(a, b, subject.file) || a.line - b.line || a.column - b.column)
}

function linesOf(file: string, known: Map<string, readonly string[]>, { repository }: Subject): readonly string[] {
  const lines = known.get(file) ?? (repository?.text(file) ?? '').split('\n')
  known.set(file, lines)
  return lines
}

function findingOf({ id, severity, why }: Rule, { place, file, message, fix, remedy }: Found, subject: Subject): Finding {
  return {
    rule: id, severity, file: file ?? subject.file, line: place.at.line, column: place.at.column, path: place.path, message, why,
    ...(fix !== '' && { hint: fix }),
    ...(remedy !== undefined && file === undefined && { remedy }),
  }
}

function inFileOrder(a: Finding, b: Finding, blueprint: string): number {
  if (a.file === b.file) return 0
  if (a.file === blueprint || b.file === blueprint) return a.file === blueprint ? -1 : 1
  return a.file < b.file ? -1 : 1
}
