import type { EnvEntry } from '@plimsoll/model'
import { flagOf, itemsOf, textOf, valueOf, type YamlNode } from './yaml-tree.ts'

/** An entry as it stands in the file: what the schema of the model takes, names not yet checked. */
type RawEntry = { readonly [Key in EnvEntry as Key['is']]: Record<string, unknown> & { readonly is: Key['is'] } }[EnvEntry['is']]

/** The `envVars` of a service, group or build source, one form per entry. */
export function readEnv(holder: YamlNode): RawEntry[] {
  return itemsOf(holder, 'envVars').map(readEntry)
}

function readEntry(node: YamlNode): RawEntry {
  const { at } = node
  const group = textOf(node, 'fromGroup')
  if (group !== undefined) return { is: 'fromGroup', group, at }
  const key = textOf(node, 'key')
  const service = valueOf(node, 'fromService')
  if (service !== undefined) return readServiceReference(service, { key, at })
  const database = valueOf(node, 'fromDatabase')
  if (database !== undefined) {
    return { is: 'fromDatabase', key, at, database: textOf(database, 'name'), property: textOf(database, 'property') }
  }
  return readOwnValue(node, { key, at, previewValue: textOf(node, 'previewValue') })
}

function readServiceReference(node: YamlNode, common: Record<string, unknown>): RawEntry {
  const service = textOf(node, 'name')
  const variable = textOf(node, 'envVarKey')
  if (variable !== undefined) return { ...common, is: 'fromVariable', service, variable }
  return { ...common, is: 'fromService', service, property: textOf(node, 'property') }
}

function readOwnValue(node: YamlNode, common: Record<string, unknown>): RawEntry {
  const value = textOf(node, 'value')
  if (value !== undefined) return { ...common, is: 'value', value }
  return { ...common, is: flagOf(node, 'generateValue') === true ? 'generated' : 'kept' }
}
