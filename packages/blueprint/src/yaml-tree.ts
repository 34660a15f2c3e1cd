/** Where something was written. Both count from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

interface Placed {
  /** Of the key for the value of a key, else of the thing itself. */
  readonly at: Position
  /** As in `services[2].envVars[0].value`. */
  readonly path: string
}

export interface ScalarNode extends Placed {
  readonly is: 'scalar'
  readonly value: string | number | boolean | null
  /** As it was written, without quotes. */
  readonly source: string
  readonly quoted: boolean
}

interface ListNode extends Placed {
  readonly is: 'list'
  readonly items: readonly YamlNode[]
}

export interface MapNode extends Placed {
  readonly is: 'map'
  readonly entries: ReadonlyMap<string, YamlNode>
}

/** YAML with its positions, and nothing else of the library that read it. */
export type YamlNode = ScalarNode | ListNode | MapNode

/** The value of `key`, or undefined also when `node` is no map: rules look at half-broken documents. */
export function valueOf(node: YamlNode | undefined, key: string): YamlNode | undefined {
  return node?.is === 'map' ? node.entries.get(key) : undefined
}

/** The text of `key`; undefined when it is absent or something else. */
export function textOf(node: YamlNode | undefined, key: string): string | undefined {
  const value = valueOf(node, key)
  return value?.is === 'scalar' && typeof value.value === 'string' ? value.value : undefined
}

/** The number at `key`; undefined when it is absent or something else. */
export function numberOf(node: YamlNode | undefined, key: string): number | undefined {
  const value = valueOf(node, key)
  return value?.is === 'scalar' && typeof value.value === 'number' ? value.value : undefined
}

/** The true or false at `key`; undefined when it is absent or something else. */
export function flagOf(node: YamlNode | undefined, key: string): boolean | undefined {
  const value = valueOf(node, key)
  return value?.is === 'scalar' && typeof value.value === 'boolean' ? value.value : undefined
}

/** The items at `key`; none when it is absent or something else. */
export function itemsOf(node: YamlNode | undefined, key: string): readonly YamlNode[] {
  const value = valueOf(node, key)
  return value?.is === 'list' ? value.items : []
}

export function childPath(parent: string, key: string): string {
  const step = /^[A-Za-z_][\w-]*$/.test(key) ? key : JSON.stringify(key)
  return parent === '' ? step : `${parent}.${step}`
}

/** For sentences: `a list`, `text`, `nothing`. */
export function kindOf(node: YamlNode): string {
  if (node.is === 'list') return 'a list'
  if (node.is === 'map') return 'a set of keys'
  if (node.value === null) return 'empty'
  return typeof node.value === 'string' ? JSON.stringify(node.value) : `the ${typeof node.value} ${node.source}`
}
