import { parseSync } from 'oxc-parser'
import { keyRead, needOf, useOf, type ModuleScope, type Need, type Use } from './need.ts'
import { schemaKeysOf } from './schema-keys.ts'
import { calleeOf, dotted, endsProgram, isFunction, keyOf, nameOf, part, parts, textOf, walk, type Syntax } from './syntax.ts'

/** A variable that a module reads, and what becomes of it without. */
export interface VariableRead {
  readonly key: string
  readonly need: Need
  readonly line: number
}

/** A call that hands the name of a variable to a function: `required('DATABASE_URL')`. */
export interface NamedRead {
  readonly reader: string
  readonly key: string
  readonly hasFallback: boolean
  readonly line: number
}

/** What one module does with the environment. */
export interface ModuleFacts {
  /** As they are written; those of types alone are none. */
  readonly imports: readonly string[]
  readonly reads: readonly VariableRead[]
  readonly namedReads: readonly NamedRead[]
  /** Functions that read the variable that they are given the name of. */
  readonly readers: ReadonlyMap<string, Need>
  /** Keys of schemas that may be held against the environment: they are, where it is handed on as a whole. */
  readonly schema: readonly VariableRead[]
  /** What it hands the whole environment to: the names of functions, or of the schemas that parse it. */
  readonly handsTo: readonly string[]
  readonly exports: readonly string[]
}

const nothing: ModuleFacts = { imports: [], reads: [], namedReads: [], readers: new Map(), schema: [], handsTo: [], exports: [] }
const variable = /^[A-Z][A-Z0-9_]*$/

/** Longer files were not written by hand, and what a bundle says of its packages is not what the service asks for. */
const longest = 250_000

/** Reads one module. What cannot be parsed tells nothing: its build would have failed. */
export function factsOf(path: string, text: string): ModuleFacts {
  if (text.length > longest) return nothing
  const { program, module, errors } = parseSync(path, text, { preserveParens: false })
  if (errors.length > 0) return nothing
  const seen = survey(program)
  const scope = scopeOf(text, seen)
  const lineOf = (node: Syntax): number => text.slice(0, node.start).split('\n').length
  const reads: VariableRead[] = []
  const readers = new Map<string, Need>()
  const handsTo: string[] = []
  for (const use of seen.environments) {
    const met = readOf(use, scope)
    if (met.is === 'whole') handsTo.push(receiverOf(use))
    if (met.is === 'reader') readers.set(met.name, met.need)
    if (met.is === 'reads') reads.push(...met.reads.map(({ key, need }) => ({ key, need, line: lineOf(use.node) })))
  }
  const dynamic = seen.dynamic.flatMap((node) => textOf(part(node, 'source')) ?? [])
  const required = seen.calls.flatMap((call) => (calleeOf(call) === 'require' ? (textOf(parts(call, 'arguments')[0]) ?? []) : []))
  return {
    imports: [...module.staticImports.filter(({ entries }) => entries.length === 0 || entries.some(({ isType }) => !isType)).map(({ moduleRequest }) => moduleRequest.value), ...reexports(module.staticExports), ...dynamic, ...required],
    reads, readers, handsTo,
    exports: module.staticExports.flatMap(({ entries }) => entries.flatMap(({ exportName }) => exportName.name ?? [])),
    namedReads: seen.calls.flatMap((call) => namedRead(call, lineOf(call)) ?? []),
    schema: schemaKeysOf(seen.calls, scope).map(({ key, need, node }) => ({ key, need, line: lineOf(node) })),
  }
}

function reexports(exports: readonly { readonly entries: readonly { readonly isType: boolean; readonly moduleRequest: { readonly value: string } | null }[] }[]): string[] {
  return exports.flatMap(({ entries }) => entries.flatMap(({ isType, moduleRequest }) => (isType || moduleRequest === null ? [] : moduleRequest.value)))
}

/** What one walk over a module notes. */
interface Survey {
  readonly environments: Use[]
  readonly calls: Syntax[]
  readonly dynamic: Syntax[]
  readonly names: Map<string, Use[]>
  readonly declarations: Map<string, Syntax[]>
}

function survey(program: unknown): Survey {
  const seen: Survey = { environments: [], calls: [], dynamic: [], names: new Map(), declarations: new Map() }
  const isImportedEnv = new Set<string>()
  walk(program, (node, around) => {
    if (node.type === 'ImportDeclaration' && /^(?:node:)?process$/.test(textOf(part(node, 'source')) ?? '')) {
      for (const each of parts(node, 'specifiers')) if (nameOf(part(each, 'imported')) === 'env') isImportedEnv.add(nameOf(part(each, 'local')) ?? '')
    }
    if (isEnvironment(node)) seen.environments.push(useOf(node, around))
    if (node.type === 'CallExpression' || node.type === 'NewExpression') seen.calls.push(node)
    if (node.type === 'ImportExpression') seen.dynamic.push(node)
    const name = nameOf(node)
    if (name === undefined) return
    const [outer] = around()
    const declares = outer !== undefined && declarationOf(outer, node)
    if (declares) add(seen.declarations, name, outer)
    else if (isImportedEnv.has(name) && outer?.type !== 'ImportSpecifier') seen.environments.push(useOf(node, around))
    else if (!isLabel(outer, node)) add(seen.names, name, useOf(node, around))
  })
  return seen
}

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key)
  if (known === undefined) map.set(key, [value])
  else known.push(value)
}

function isEnvironment(node: Syntax): boolean {
  return node.type === 'MemberExpression' && /^(?:(?:globalThis|global)\.)?process\.env$/.test(dotted(node) ?? '')
}

function declarationOf(outer: Syntax, node: Syntax): boolean {
  if (outer.type === 'VariableDeclarator' || outer.type === 'FunctionDeclaration') return part(outer, 'id') === node || parts(outer, 'params').includes(node)
  return isFunction(outer) && parts(outer, 'params').includes(node)
}

/** A name of a property or of a type stands for no value. */
function isLabel(outer: Syntax | undefined, node: Syntax): boolean {
  if (outer?.type === 'MemberExpression') return part(outer, 'property') === node && outer['computed'] !== true
  if (outer?.type === 'Property') return part(outer, 'key') === node && outer['computed'] !== true && outer['shorthand'] !== true
  return outer?.type.startsWith('TS') === true && !/^TS(?:As|NonNull|Satisfies)/.test(outer.type)
}

function scopeOf(text: string, { names, declarations }: Survey): ModuleScope {
  const bodyOf = (name: string): Syntax | undefined => {
    const [declared] = declarations.get(name) ?? []
    return part(declared?.type === 'VariableDeclarator' ? part(declared, 'init') : declared, 'body')
  }
  return {
    text,
    usesOf: (name) => ((declarations.get(name) ?? []).length > 1 ? undefined : (names.get(name) ?? [])),
    throwsAlways: (name) => parts(bodyOf(name), 'body').at(0)?.type === 'ThrowStatement',
    declared: (name) => part((declarations.get(name) ?? [])[0], 'init'),
  }
}

type Met =
  | { readonly is: 'reads'; readonly reads: readonly { readonly key: string; readonly need: Need }[] }
  | { readonly is: 'reader'; readonly name: string; readonly need: Need }
  | { readonly is: 'whole' }

function readOf({ around }: Use, scope: ModuleScope): Met {
  const index = around.findIndex(({ type }) => type !== 'ChainExpression' && type !== 'TSNonNullExpression')
  const outer = around[index]
  if (outer?.type === 'VariableDeclarator' && part(outer, 'id')?.type === 'ObjectPattern') return { is: 'reads', reads: destructured(part(outer, 'id'), scope) }
  if (outer?.type !== 'MemberExpression') return { is: 'whole' }
  const key = keyRead(outer)
  if (key === undefined) return readerOf(part(outer, 'property'), around)
  const need = needOf({ node: outer, around: around.slice(index + 1) }, key, scope)
  return { is: 'reads', reads: need === undefined ? [] : [{ key, need }] }
}

function destructured(pattern: Syntax | undefined, scope: ModuleScope): { key: string; need: Need }[] {
  return parts(pattern, 'properties').flatMap((property) => {
    const key = keyOf(property)
    const value = part(property, 'value')
    if (key === undefined) return []
    if (value?.type === 'AssignmentPattern') return [{ key, need: { is: 'fallback', value: textOf(part(value, 'right')) } satisfies Need }]
    const name = nameOf(value) ?? ''
    const needs = (scope.usesOf(name) ?? []).filter(({ around }) => around[1] !== pattern).flatMap((use) => needOf(use, name, scope) ?? [])
    return [{ key, need: needs.find(({ is }) => is === 'optional' || is === 'fallback') ?? needs.find(({ is }) => is === 'required') ?? ({ is: 'unsure' } satisfies Need) }]
  })
}

/** The function that is called with it, or the schema whose method is; empty where it goes elsewhere. */
function receiverOf({ around }: Use): string {
  const callee = calleeOf(around.find(({ type }) => type === 'CallExpression' || type === 'NewExpression'))
  return callee?.split('.')[0] ?? ''
}

/** A read by a name that the function around it was given. */
function readerOf(property: Syntax | undefined, around: readonly Syntax[]): Met {
  const at = around.findIndex(isFunction)
  const reader = around[at]
  const name = nameOf(part(reader, 'id')) ?? nameOf(part(around[at + 1], 'id'))
  const [first] = parts(reader, 'params')
  if (reader === undefined || name === undefined || nameOf(first) === undefined || nameOf(first) !== nameOf(property)) return { is: 'whole' }
  return { is: 'reader', name, need: endsProgram(part(reader, 'body')) ? { is: 'required', because: `asks ${name}() for it, which refuses to go on without it` } : { is: 'unsure' } }
}

function namedRead(call: Syntax, line: number): NamedRead | undefined {
  const reader = nameOf(part(call, 'callee'))
  const [key, fallback] = parts(call, 'arguments')
  const text = textOf(key)
  return reader === undefined || text === undefined || !variable.test(text) ? undefined : { reader, key: text, hasFallback: fallback !== undefined, line }
}
