import { advise } from './advice.ts'
import { checkShape } from './check-shape.ts'
import { checkDatabases } from './database-rules.ts'
import { documentShape } from './document-shape.ts'
import { checkVariables } from './env-rules.ts'
import { takeInventory, type Inventory } from './inventory.ts'
import { checkNames } from './name-rules.ts'
import { readYaml } from './read-yaml.ts'
import { checkReferences } from './reference-rules.ts'
import { createReport, type Fault } from './report.ts'
import { checkServices } from './service-rules.ts'
import { checkBuildSources } from './source-rules.ts'

export interface InspectedBlueprint {
  /** In the order of the file. */
  readonly faults: readonly Fault[]
  /** What the text lists, faulty or not; absent only when it could not be read, or says nothing. */
  readonly inventory?: Inventory
}

/** More than any Blueprint by far; what is larger is not even looked at, because reading YAML takes many times its size. */
const maxLength = 2 ** 20

const checks = [checkNames, checkServices, checkBuildSources, checkDatabases, checkVariables, checkReferences, advise]

/**
 * All that can be said of the text of a `render.yaml` by itself, with what a machine can do about each fault, and what the text
 * lists with the place of everything, for whoever holds it against more than itself. Throws nothing for any text.
 */
export function inspectBlueprint(text: string, { file }: { readonly file: string }): InspectedBlueprint {
  const report = createReport(file)
  if (text.length > maxLength) {
    report.add('file-size', { at: { line: 1, column: 1 }, path: '' }, `has ${text.length} characters; a Blueprint has at most ${maxLength}`, 'look whether this is the right file')
    return { faults: report.faults() }
  }
  const raw = readYaml(text, report)
  if (raw === undefined) return { faults: report.faults() }
  if (raw.is === 'scalar' && raw.value === null) {
    report.add('empty-value', raw, 'the file describes nothing', 'list what runs under services:')
    return { faults: report.faults() }
  }
  const inventory = takeInventory(checkShape(raw, documentShape, report))
  for (const check of checks) check(inventory, report)
  return { faults: report.faults(), inventory }
}
