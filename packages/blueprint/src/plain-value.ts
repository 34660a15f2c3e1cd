import { itemsOf, textOf, valueOf, type YamlNode } from './yaml-tree.ts'

/** The node as JSON would say it. */
export function plainValue(node: YamlNode): unknown {
  if (node.is === 'scalar') return node.value
  if (node.is === 'list') return node.items.map(plainValue)
  return Object.fromEntries([...node.entries].map(([key, value]) => [key, plainValue(value)]))
}

/** Those of `keys` that the node has, as JSON would say them. */
export function plainKeys(node: YamlNode, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = valueOf(node, key)
      return value === undefined ? [] : [[key, plainValue(value)]]
    }),
  )
}

/** The texts in the list at `key`. */
export function textsOf(node: YamlNode | undefined, key: string): string[] {
  return itemsOf(node, key).flatMap((item) => (item.is === 'scalar' && typeof item.value === 'string' ? [item.value] : []))
}

/** The name inside `{ fromRegistryCreds: { name } }` at `key`. */
export function credentialOf(node: YamlNode | undefined, key: string): string | undefined {
  return textOf(valueOf(valueOf(node, key), 'fromRegistryCreds'), 'name')
}
