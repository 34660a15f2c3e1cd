import type { Diagnostic } from '@plimsoll/model'
import { blueprintRules, type BlueprintRule } from './blueprint-rules.ts'
import type { Position } from './yaml-tree.ts'

/** Anything with a place in the document: a node, or a made-up place for what is missing. */
interface Place {
  readonly at: Position
  readonly path: string
}

/** Gathers what is found, so that all of it comes at once. */
export interface Report {
  /** The rule's own severity holds. The hint says what to write instead. */
  add(rule: BlueprintRule, place: Place, ...words: readonly [message: string, hint?: string]): void
  /** In the order of the file. */
  diagnostics(): Diagnostic[]
}

export function createReport(file: string): Report {
  const found: Diagnostic[] = []
  return {
    add(rule, { at, path }, ...[message, hint]) {
      const { severity } = blueprintRules[rule]
      found.push({ rule, severity, file, line: at.line, column: at.column, path, message, ...(hint !== undefined && { hint }) })
    },
    diagnostics: () => found.toSorted((a, b) => a.line - b.line || a.column - b.column),
  }
}
