import { nearest } from './nearest.ts'
import type { Plain, Remedy } from './remedy.ts'
import type { Report } from './report.ts'
import { checkBoolean, checkChoice, checkEnvValue, checkInteger, checkText } from './check-scalar.ts'
import type { Deprecation, Field, RecordShape, Shape } from './shape.ts'
import { kindOf, type MapNode, type YamlNode } from './yaml-tree.ts'

/**
 * Holds `node` against `shape`, reports every difference, and returns the node
 * with old names and spellings replaced, so that what follows knows only the present ones.
 */
export function checkShape(node: YamlNode, shape: Shape, report: Report): YamlNode {
  if (node.is === 'scalar' && node.value === null) {
    const hint = shape.is === 'envValue' ? 'write "" for an empty text, or remove the entry' : 'give it a value or remove the line'
    report.add('empty-value', node, 'has no value', hint, shape.is === 'envValue' ? undefined : { do: 'remove' })
    return node
  }
  switch (shape.is) {
    case 'text':
      return checkText(node, shape, report)
    case 'envValue':
      return checkEnvValue(node, report)
    case 'integer':
      return checkInteger(node, shape, report)
    case 'boolean':
      return checkBoolean(node, report)
    case 'choice':
      return checkChoice(node, shape, report)
    case 'list':
      return checkList(node, shape.of, report)
    case 'record':
      return checkRecord(node, shape, report)
    case 'pick':
      if (node.is !== 'map') return wrongType(node, aSet, report)
      return checkRecord(node, shape.pick(node, report), report)
  }
}

const aSet = { what: 'a set of keys', hint: 'write "key: value" pairs, one a line' }
const aList = { what: 'a list', hint: 'begin each entry with "- "' }

function checkList(node: YamlNode, of: Shape, report: Report): YamlNode {
  if (node.is !== 'list') return wrongType(node, aList, report)
  return { ...node, items: node.items.map((item) => checkShape(item, of, report)) }
}

function checkRecord(node: YamlNode, shape: RecordShape, report: Report): YamlNode {
  if (node.is !== 'map') return wrongType(node, aSet, report)
  const entries = new Map<string, YamlNode>()
  for (const [key, value] of node.entries) {
    const field = shape.fields.find((one) => one.key === key)
    if (field === undefined) {
      reportStranger([key, value], shape, report)
      continue
    }
    const checked = checkShape(value, field.shape, report)
    const target = field.deprecated === undefined ? key : retire({ node, value }, field, report)
    if (target !== undefined) entries.set(target, field.deprecated === undefined ? checked : renewed(checked, field))
  }
  const renamed = { ...node, entries }
  reportMissing(renamed, shape, report)
  return renamed
}

/** Warns of an old key and says under which key its value goes on; undefined when the present key is there too. */
function retire({ node, value }: { node: MapNode; value: YamlNode }, { key, deprecated }: Field, report: Report): string | undefined {
  if (deprecated === undefined) return key
  if (deprecated.moves && node.entries.has(deprecated.use)) {
    report.add('deprecated-key', value, `"${key}" has no effect beside ${deprecated.use}`, 'remove the line', { do: 'remove' })
    return undefined
  }
  report.add('deprecated-key', value, `"${key}" is an old name`, `write ${deprecated.use}${example(value, deprecated.as)}`, renaming(value, deprecated))
  return deprecated.moves ? deprecated.use : key
}

/** The value goes along: under the new name as it is, in its present spelling, or into the set of keys that holds it now. */
function renaming(value: YamlNode, { use, as, into, moves }: Deprecation): Remedy | undefined {
  if (value.is !== 'scalar') return undefined
  const present = as?.[String(value.value)]
  if (moves) return { do: 'rename', key: use, ...(present !== undefined && { value: present }) }
  return into === undefined ? undefined : { do: 'rename', key: use.split('.')[0] ?? use, value: into(present ?? value.value ?? '') }
}

function example(value: YamlNode, as: Readonly<Record<string, string>> | undefined): string {
  const present = value.is === 'scalar' ? as?.[String(value.value)] : undefined
  return present === undefined ? '' : `: ${present === 'off' ? "'off'" : present}`
}

function renewed(node: YamlNode, { deprecated }: Field): YamlNode {
  const present = node.is === 'scalar' ? deprecated?.as?.[String(node.value)] : undefined
  return present === undefined ? node : { is: 'scalar', at: node.at, path: node.path, value: present, source: present, quoted: true }
}

function reportStranger([key, value]: readonly [string, YamlNode], shape: RecordShape, report: Report): void {
  if (shape.tolerated?.includes(key)) {
    report.add('template-key', value, `"${key}" is template metadata and does nothing`, 'remove the line, or make it a comment', { do: 'comment' })
    return
  }
  const elsewhere = shape.elsewhere?.(key)
  if (elsewhere !== undefined) {
    report.add('wrong-kind-key', value, `${shape.what} has no "${key}"`, elsewhere)
    return
  }
  report.add('unknown-key', value, `${shape.what} has no "${key}"`, suggestion(key, shape), respelling(key, shape))
}

function suggestion(key: string, shape: RecordShape): string {
  const known = Object.hasOwn(shape.instead ?? {}, key) ? shape.instead?.[key] : undefined
  if (known !== undefined) return known
  const keys = shape.fields.filter((field) => field.deprecated === undefined).map((field) => field.key)
  const near = nearest(key, keys)
  if (near !== undefined) return `did you mean "${near}"?`
  return keys.length <= 8 ? `its keys are ${keys.join(', ')}` : 'remove the line, or make it a comment'
}

/** The key that a slip of the pen was meant to be. */
function respelling(key: string, { instead = {}, fields }: RecordShape): Remedy | undefined {
  const near = Object.hasOwn(instead, key) ? undefined : nearest(key, fields.filter((field) => field.deprecated === undefined).map((field) => field.key))
  return near === undefined ? undefined : { do: 'rename', key: near }
}

function suppliedBy({ fields }: RecordShape, key: string): Remedy | undefined {
  const supply: Plain | undefined = fields.find((field) => field.key === key)?.supply
  return supply === undefined ? undefined : { do: 'add', key, value: supply }
}

function reportMissing(node: MapNode, shape: RecordShape, report: Report): void {
  const { entries } = node
  for (const { key, required } of shape.fields) {
    if (required !== undefined && !entries.has(key)) report.add('missing-key', node, `${shape.what} needs "${key}"`, `add ${required}`, suppliedBy(shape, key))
  }
  const { oneOf } = shape
  if (oneOf !== undefined && !oneOf.some((key) => entries.has(key))) {
    report.add('missing-key', node, `${shape.what} needs ${oneOf.join(' or ')}`, `add ${oneOf[0]}`)
  }
}

function wrongType(node: YamlNode, { what, hint }: typeof aSet, report: Report): YamlNode {
  report.add('wrong-type', node, `must be ${what}, and is ${kindOf(node)}`, hint)
  return node
}
