import type { Diagnostic } from '@plimsoll/model'
import { blueprintRules, type BlueprintRule } from './blueprint-rules.ts'
import type { Remedy } from './remedy.ts'
import type { Position } from './yaml-tree.ts'

/** Anything with a place in the document: a node, or a made-up place for what is missing. */
interface Place {
  readonly at: Position
  readonly path: string
}

/** A diagnostic with what a machine can do about it. */
export interface Fault {
  readonly diagnostic: Diagnostic & { readonly rule: BlueprintRule }
  readonly remedy?: Remedy
}

/** Gathers what is found, so that all of it comes at once. */
export interface Report {
  /** The rule's own severity holds. The hint says what to write instead; the remedy does the same where no one has to decide. */
  add(rule: BlueprintRule, place: Place, ...words: readonly [message: string, hint?: string | undefined, remedy?: Remedy | undefined]): void
  /** In the order of the file. */
  faults(): Fault[]
}

export function createReport(file: string): Report {
  const found: Fault[] = []
  return {
    add(rule, { at, path }, ...[message, hint, remedy]) {
      const { severity } = blueprintRules[rule]
      const diagnostic = { rule, severity, file, line: at.line, column: at.column, path, message, ...(hint !== undefined && { hint }) }
      found.push({ diagnostic, ...(remedy !== undefined && { remedy }) })
    },
    faults: () => found.toSorted((a, b) => a.diagnostic.line - b.diagnostic.line || a.diagnostic.column - b.diagnostic.column),
  }
}
