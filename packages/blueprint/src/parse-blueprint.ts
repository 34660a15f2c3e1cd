import type { Blueprint, Diagnostic } from '@plimsoll/model'
import { inspectBlueprint } from './inspect-blueprint.ts'
import { understand } from './understand.ts'

export interface ParsedBlueprint {
  /** Absent when there is an error among the diagnostics. */
  readonly blueprint?: Blueprint
  /** In the order of the file; warnings and infos come also with a Blueprint. */
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Understands the text of a `render.yaml`, or says everything that is wrong with it at once.
 * `file` is how the caller names it in messages; nothing is read from it. Throws nothing
 * for any text, and gives the same answer every time.
 */
export function parseBlueprint(text: string, { file }: { readonly file: string }): ParsedBlueprint {
  const { faults, inventory } = inspectBlueprint(text, { file })
  const diagnostics = faults.map(({ diagnostic }) => diagnostic)
  if (inventory === undefined || diagnostics.some(({ severity }) => severity === 'error')) return { diagnostics }
  return { blueprint: understand(file, inventory), diagnostics }
}
