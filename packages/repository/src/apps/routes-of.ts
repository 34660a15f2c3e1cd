import { parseSync } from 'oxc-parser'
import { calleeOf, dotted, keyOf, nameOf, part, parts, textOf, walk, type Syntax } from '../program/syntax.ts'

/** What one module says of the server that it is part of. */
export interface ModuleRoutes {
  /** Paths that it answers GET for, with the prefixes that stand around them in the module. */
  readonly routes: readonly { readonly path: string; readonly line: number }[]
  /** Calls that begin to listen. */
  readonly listens: readonly Listening[]
  /** Plug-ins of other modules that it puts below a prefix: by the module's name as it is imported. */
  readonly mounts: readonly { readonly module: string; readonly prefix: string }[]
}

export interface Listening {
  readonly line: number
  /** False where no host is given, so that Fastify takes `localhost`. */
  readonly hasHost: boolean
  /** A port that is written down there. */
  readonly port: number | undefined
}

const nothing: ModuleRoutes = { routes: [], listens: [], mounts: [] }
const longest = 250_000

/** Reads what Fastify is told in one module; nothing of what cannot be parsed. */
export function routesOf(path: string, text: string): ModuleRoutes {
  if (text.length > longest) return nothing
  const { program, module, errors } = parseSync(path, text, { preserveParens: false })
  if (errors.length > 0) return nothing
  const imported = new Map(module.staticImports.flatMap(({ entries, moduleRequest }) => entries.map(({ localName }) => [localName.value, moduleRequest.value] as const)))
  const lineOf = (node: Syntax): number => text.slice(0, node.start).split('\n').length
  const routes: { path: string; line: number }[] = []
  const listens: Listening[] = []
  const mounts: { module: string; prefix: string }[] = []
  walk(program, (node, around) => {
    const method = calleeOf(node)?.split('.').at(-1)
    if (method === 'listen' && namesPort(node)) listens.push({ line: lineOf(node), ...listeningOf(node) })
    const path = method === undefined ? undefined : routeOf(method, node)
    if (path !== undefined) routes.push({ path: `${around().toReversed().map(prefixOf).join('')}${path}`, line: lineOf(node) })
    const plugin = method === 'register' ? imported.get(nameOf(parts(node, 'arguments')[0]) ?? '') : undefined
    if (plugin !== undefined) mounts.push({ module: plugin, prefix: prefixOf(node) })
  })
  return { routes, listens, mounts }
}

function routeOf(method: string, call: Syntax): string | undefined {
  const [first] = parts(call, 'arguments')
  const path = method === 'get' ? textOf(first) : method === 'route' && /^(?:GET)?$/.test(textOf(propertyOf(first, 'method')) ?? '') ? textOf(propertyOf(first, 'url')) : undefined
  return path?.startsWith('/') === true ? path : undefined
}

/** What a call of `register` puts before the routes of its plug-in. */
function prefixOf(node: Syntax): string {
  if (calleeOf(node)?.split('.').at(-1) !== 'register') return ''
  return (textOf(propertyOf(parts(node, 'arguments')[1], 'prefix')) ?? '').replace(/\/$/, '')
}

/** Databases and event emitters are listened to as well. */
function namesPort(call: Syntax): boolean {
  const [first] = parts(call, 'arguments')
  if (part(call, 'callee')?.type !== 'MemberExpression') return false
  if (first?.type === 'ObjectExpression') return propertyOf(first, 'port') !== undefined || parts(first, 'properties').some(({ type }) => type === 'SpreadElement')
  return numberIn(first) !== undefined || calleeOf(first) === 'Number' || /port/i.test(dotted(first) ?? '')
}

function listeningOf(call: Syntax): Omit<Listening, 'line'> {
  const [first, second] = parts(call, 'arguments')
  if (first?.type !== 'ObjectExpression') return { hasHost: first?.type !== 'Literal' || second?.type === 'Literal', port: numberIn(first) }
  const spreads = parts(first, 'properties').some(({ type }) => type === 'SpreadElement')
  const host = textOf(propertyOf(first, 'host'))
  return { hasHost: spreads || (propertyOf(first, 'host') !== undefined && host !== 'localhost' && host !== '127.0.0.1'), port: numberIn(propertyOf(first, 'port')) }
}

function numberIn(node: Syntax | undefined): number | undefined {
  return node?.type === 'Literal' && typeof node['value'] === 'number' ? node['value'] : undefined
}

function propertyOf(object: Syntax | undefined, name: string): Syntax | undefined {
  return part(parts(object, 'properties').find((property) => keyOf(property) === name), 'value')
}
