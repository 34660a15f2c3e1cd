import { parse, type AnyNode, type Expression, type Options, type PrivateIdentifier, type Program } from 'acorn'

export interface FilePosition {
  readonly line: number
  readonly column: number
}

const options: Options = { ecmaVersion: 'latest', sourceType: 'module', locations: true }

/**
 * Where a value of a module's default export stands in its text: as far along `path` as the text itself says it. What is computed, or comes from
 * another file, has the place of whatever holds it. A text that cannot be parsed has one place, its beginning.
 */
export function placeOfValue(javascript: string, path: readonly PropertyKey[]): FilePosition {
  const program = parsed(javascript)
  if (program === undefined) return { line: 1, column: 1 }
  const exported = program.body.find((statement) => statement.type === 'ExportDefaultDeclaration')?.declaration
  let at: AnyNode = exported ?? program
  for (const key of path) {
    const next: AnyNode | undefined = memberOf(settled(at, program), key)
    if (next === undefined) break
    at = next
  }
  return positionOf(at)
}

function positionOf({ loc }: AnyNode): FilePosition {
  return { line: loc?.start.line ?? 1, column: (loc?.start.column ?? 0) + 1 }
}

/** Where the syntax of a module goes wrong; undefined when it does not. */
export function brokenAt(javascript: string): FilePosition | undefined {
  try {
    parse(javascript, options)
    return undefined
  } catch (error) {
    if (!(error instanceof SyntaxError) || !('loc' in error)) throw error
    const { line, column } = error.loc as { readonly line: number; readonly column: number }
    return { line, column: column + 1 }
  }
}

function parsed(javascript: string): Program | undefined {
  return brokenAt(javascript) === undefined ? parse(javascript, options) : undefined
}

/** Through `defineConfig(…)`, a name that is declared in this file, and the property that holds it. */
function settled(node: AnyNode, program: Program, depth = 0): AnyNode {
  const behind = depth < 8 ? behindOf(node, program) : undefined
  return behind === undefined ? node : settled(behind, program, depth + 1)
}

function behindOf(node: AnyNode, program: Program): AnyNode | undefined {
  if (node.type === 'Property') return node.value
  if (node.type === 'CallExpression') return node.arguments[0]
  if (node.type !== 'Identifier') return undefined
  const declarations = program.body.flatMap((statement) => {
    const inner = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
    return inner?.type === 'VariableDeclaration' ? inner.declarations : []
  })
  return declarations.find(({ id }) => id.type === 'Identifier' && id.name === node.name)?.init ?? undefined
}

function memberOf(node: AnyNode, key: PropertyKey): AnyNode | undefined {
  if (node.type === 'ArrayExpression' && typeof key === 'number') {
    const before = node.elements.slice(0, key + 1)
    return before.some((each) => each?.type === 'SpreadElement') ? undefined : (node.elements[key] ?? undefined)
  }
  if (node.type !== 'ObjectExpression') return undefined
  return node.properties.findLast((property) => property.type === 'Property' && !property.computed && nameOf(property.key) === String(key))
}

function nameOf(key: Expression | PrivateIdentifier): string | undefined {
  if (key.type === 'Identifier') return key.name
  return key.type === 'Literal' ? String(key.value) : undefined
}
