/** A piece of a program, as the parser gives it (ESTree, with TypeScript's own). */
export interface Syntax {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [part: string]: unknown
}

export function isSyntax(value: unknown): value is Syntax {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

/** The nodes that hold one, the nearest first. A call, because most visitors never ask. */
export type Around = () => readonly Syntax[]

/** Visits `root` and everything below it, outer before inner, in the order of the text. */
export function walk(root: unknown, visit: (node: Syntax, around: Around) => void): void {
  const todo: Place[] = [{ value: root, outer: undefined }]
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const { value, outer } = next
    if (Array.isArray(value)) {
      for (const each of value.toReversed()) todo.push({ value: each, outer })
    } else if (isSyntax(value)) {
      visit(value, () => listOf(outer))
      const inside = { node: value, outer }
      for (const below of Object.values(value).toReversed()) todo.push({ value: below, outer: inside })
    }
  }
}

interface Chain {
  readonly node: Syntax
  readonly outer: Chain | undefined
}

interface Place {
  readonly value: unknown
  readonly outer: Chain | undefined
}

function listOf(chain: Chain | undefined): Syntax[] {
  const list: Syntax[] = []
  for (let at = chain; at !== undefined; at = at.outer) list.push(at.node)
  return list
}
