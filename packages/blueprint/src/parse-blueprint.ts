import type { Blueprint, Diagnostic } from '@plimsoll/model'
import { advise } from './advice.ts'
import { checkShape } from './check-shape.ts'
import { checkDatabases } from './database-rules.ts'
import { documentShape } from './document-shape.ts'
import { checkVariables } from './env-rules.ts'
import { takeInventory } from './inventory.ts'
import { checkNames } from './name-rules.ts'
import { readYaml } from './read-yaml.ts'
import { checkReferences } from './reference-rules.ts'
import { createReport } from './report.ts'
import { checkServices } from './service-rules.ts'
import { checkBuildSources } from './source-rules.ts'
import { understand } from './understand.ts'

export interface ParsedBlueprint {
  /** Absent when there is an error among the diagnostics. */
  readonly blueprint?: Blueprint
  /** In the order of the file; warnings and infos come also with a Blueprint. */
  readonly diagnostics: readonly Diagnostic[]
}

const checks = [checkNames, checkServices, checkBuildSources, checkDatabases, checkVariables, checkReferences, advise]

/**
 * Understands the text of a `render.yaml`, or says everything that is wrong with it at once.
 * `file` is how the caller names it in messages; nothing is read from it. Throws nothing
 * for any text, and gives the same answer every time.
 */
export function parseBlueprint(text: string, { file }: { readonly file: string }): ParsedBlueprint {
  const report = createReport(file)
  const raw = readYaml(text, report)
  if (raw === undefined) return { diagnostics: report.diagnostics() }
  if (raw.is === 'scalar' && raw.value === null) {
    report.add('empty-value', raw, 'the file describes nothing', 'list what runs under services:')
    return { diagnostics: report.diagnostics() }
  }
  const inventory = takeInventory(checkShape(raw, documentShape, report))
  for (const check of checks) check(inventory, report)
  const diagnostics = report.diagnostics()
  if (diagnostics.some(({ severity }) => severity === 'error')) return { diagnostics }
  return { blueprint: understand(file, inventory), diagnostics }
}
