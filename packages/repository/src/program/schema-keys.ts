import type { ModuleScope, Need } from './need.ts'
import { calleeOf, dotted, keyOf, nameOf, part, parts, textOf, type Syntax } from './syntax.ts'

export interface SchemaKey {
  readonly key: string
  readonly need: Need
  readonly node: Syntax
}

const variable = /^[A-Z][A-Z0-9_]*$/
const demanded: Need = { is: 'required', because: 'demands it in its schema' }

/** The variables in schemas of zod and its like, of t3-env (`createEnv`), of envalid (`cleanEnv`) and of `@fastify/env`. */
export function schemaKeysOf(calls: readonly Syntax[], scope: ModuleScope): SchemaKey[] {
  return calls.flatMap((call) => {
    const callee = calleeOf(call) ?? ''
    const [first, second] = parts(call, 'arguments')
    if (/(?:^|\.)(?:object|strictObject|looseObject|extend|Object)$/.test(callee)) return keysOf(first, (value) => needOfSchema(value, scope))
    if (callee === 'createEnv') return ['server', 'client', 'shared'].flatMap((part) => keysOf(propertyOf(first, part), (value) => needOfSchema(value, scope)))
    if (callee === 'cleanEnv') return keysOf(second, needOfValidator)
    return /^(?:envSchema|register|.*\.register)$/.test(callee) ? jsonSchemaKeys(propertyOf(second ?? first, 'schema'), scope) : []
  })
}

/** An object counts when all of its keys are names of variables. */
function keysOf(object: Syntax | undefined, need: (value: Syntax | undefined) => Need): SchemaKey[] {
  if (object?.type !== 'ObjectExpression') return []
  const properties = parts(object, 'properties').filter(({ type }) => type === 'Property')
  if (properties.some((property) => !variable.test(keyOf(property) ?? ''))) return []
  return properties.map((property) => ({ key: keyOf(property) ?? '', need: need(part(property, 'value')), node: property }))
}

function propertyOf(object: Syntax | undefined, name: string): Syntax | undefined {
  return part(parts(object, 'properties').find((property) => keyOf(property) === name), 'value')
}

/** Goes down a chain like `z.string().min(1).default('x')`. */
function needOfSchema(schema: Syntax | undefined, scope: ModuleScope): Need {
  const methods: string[] = []
  let at = schema
  while (at?.type === 'CallExpression') {
    const callee = part(at, 'callee')
    const method = callee?.type === 'MemberExpression' ? keyOf(callee) : nameOf(callee)
    methods.push(method ?? '')
    if (method === 'default' || method === 'catch' || method === 'prefault') return { is: 'fallback', value: textOf(parts(at, 'arguments')[0]) }
    at = callee?.type === 'MemberExpression' ? part(callee, 'object') : undefined
  }
  if (methods.some((method) => /^(?:optional|nullish|Optional|any|unknown|undefined)$/.test(method))) return { is: 'optional' }
  if (methods.length === 0) {
    const declared = scope.declared(nameOf(schema) ?? '')
    return declared === undefined || declared === schema ? { is: 'unsure' } : needOfSchema(declared, scope)
  }
  const innermost = methods.at(-1) ?? ''
  // What these take inside may be optional, and coerced texts and flags take anything.
  if (methods.includes('or') || /^(?:union|preprocess|lazy|custom|pipe|Union)$/.test(innermost) || (at?.type === 'MemberExpression' && /^(?:boolean|string)$/.test(innermost))) return { is: 'unsure' }
  return isLibrary(at) ? demanded : { is: 'unsure' }
}

/** `z`, `z.coerce`, `v`, `Type`; a schema of the app's own that is added to may be optional already. */
function isLibrary(root: Syntax | undefined): boolean {
  return /^(?:z|zod|v|Type)(?:\.coerce)?$/.test(dotted(root) ?? '')
}

/** `str({ default: … })`; `devDefault` holds in development only. */
function needOfValidator(call: Syntax | undefined): Need {
  const fallback = propertyOf(parts(call, 'arguments')[0], 'default')
  if (call?.type !== 'CallExpression') return { is: 'unsure' }
  return fallback === undefined ? demanded : nameOf(fallback) === 'undefined' ? { is: 'optional' } : { is: 'fallback', value: textOf(fallback) }
}

function jsonSchemaKeys(written: Syntax | undefined, scope: ModuleScope): SchemaKey[] {
  const schema = written?.type === 'Identifier' ? scope.declared(nameOf(written) ?? '') : written
  const required = parts(propertyOf(schema, 'required'), 'elements').flatMap((element) => textOf(element) ?? [])
  const keys = keysOf(propertyOf(schema, 'properties'), (value) => {
    const fallback = propertyOf(value, 'default')
    return fallback === undefined ? { is: 'optional' } : { is: 'fallback', value: textOf(fallback) }
  })
  return keys.map((each) => (each.need.is === 'optional' && required.includes(each.key) ? { ...each, need: demanded } : each))
}
