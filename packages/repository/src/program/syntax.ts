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

/** A part of a node that is a node. */
export function part(node: Syntax | undefined, name: string): Syntax | undefined {
  const value = node?.[name]
  return isSyntax(value) ? value : undefined
}

export function parts(node: Syntax | undefined, name: string): readonly Syntax[] {
  const value = node?.[name]
  return Array.isArray(value) ? value.filter(isSyntax) : []
}

export function nameOf(node: Syntax | undefined): string | undefined {
  return node?.type === 'Identifier' && typeof node['name'] === 'string' ? node['name'] : undefined
}

/** The text of a string literal, or of a template without anything put in. */
export function textOf(node: Syntax | undefined): string | undefined {
  if (node?.type === 'Literal' && typeof node['value'] === 'string') return node['value']
  if (node?.type !== 'TemplateLiteral' || parts(node, 'expressions').length > 0) return undefined
  const value = parts(node, 'quasis')[0]?.['value']
  return typeof value === 'object' && value !== null && 'cooked' in value && typeof value.cooked === 'string' ? value.cooked : undefined
}

/** `a` of `x.a` and of `x['a']`, and the name of a property. */
export function keyOf(node: Syntax | undefined): string | undefined {
  const key = part(node, 'property') ?? part(node, 'key')
  return node?.['computed'] === true ? textOf(key) : (nameOf(key) ?? textOf(key))
}

/** `a.b.c` of a call or a name, as far as it is one. */
export function dotted(node: Syntax | undefined): string | undefined {
  if (node?.type === 'ChainExpression') return dotted(part(node, 'expression'))
  if (node?.type !== 'MemberExpression') return nameOf(node)
  const [object, key] = [dotted(part(node, 'object')), keyOf(node)]
  return object === undefined || key === undefined ? key : `${object}.${key}`
}

/** What a call calls: `log.info`. */
export function calleeOf(call: Syntax | undefined): string | undefined {
  return call?.type === 'CallExpression' || call?.type === 'NewExpression' ? dotted(part(call, 'callee')) : undefined
}

export function isWithin(inner: Syntax, outer: Syntax): boolean {
  return inner.start >= outer.start && inner.end <= outer.end
}

const functions = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'])

export function isFunction(node: Syntax): boolean {
  return functions.has(node.type)
}

/** Whether a block throws or exits, by itself and not in a function that it only makes. */
export function endsProgram(block: Syntax | undefined): boolean {
  let ends = false
  if (block !== undefined) walk(block, (node, around) => {
    if (node.type !== 'ThrowStatement' && calleeOf(node) !== 'process.exit') return
    ends ||= !around().some((outer) => isFunction(outer) && outer !== block)
  })
  return ends
}
