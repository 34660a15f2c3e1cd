import fc, { type Arbitrary } from 'fast-check'
import type { Schema } from './operations.ts'

/** Values that `schema` allows, as far as it says what it allows; small ones first, and smaller ones when they are shrunk. */
export function valueOf(schema: Schema, depth = 0): Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema['const'])
  const choices = listIn(schema, 'enum')
  if (choices.length > 0) return fc.constantFrom(...choices)
  const branches = [...listIn(schema, 'anyOf'), ...listIn(schema, 'oneOf')].filter(isSchema)
  if (branches.length > 0) return fc.oneof(...branches.map((each) => valueOf(each, depth + 1)))
  const parts = listIn(schema, 'allOf').filter(isSchema)
  if (parts.length > 0) return valueOf(merged([schema, ...parts]), depth + 1)
  const types = [schema['type']].flat().map(String)
  const nullable = schema['nullable'] === true && !types.includes('null') ? [...types, 'null'] : types
  return nullable.length === 1 ? valueOfType(nullable[0] ?? '', schema, depth) : fc.oneof(...nullable.map((type) => valueOfType(type, schema, depth)))
}

// oxlint-disable-next-line max-params -- a type, of a schema, at a depth
function valueOfType(type: string, schema: Schema, depth: number): Arbitrary<unknown> {
  switch (type) {
    case 'string': return textOf(schema)
    case 'integer': return fc.integer(boundsOf(schema, 1))
    case 'number': return fc.double({ ...boundsOf(schema, 0), noNaN: true, noDefaultInfinity: true })
    case 'boolean': return fc.boolean()
    case 'null': return fc.constant(null)
    case 'array': return fc.array(depth > deepest ? fc.constant(null) : valueOf(schemaIn(schema, 'items'), depth + 1), { minLength: numberIn(schema, 'minItems') ?? 0, maxLength: Math.max(numberIn(schema, 'minItems') ?? 0, Math.min(numberIn(schema, 'maxItems') ?? 4, 8)) })
    case 'object': return objectOf(schema, depth)
    // What has properties is an object, whether it says so or not; of anything else nothing is known.
    default: return isSchema(schema['properties']) ? objectOf(schema, depth) : fc.oneof(fc.string(), fc.integer(), fc.boolean())
  }
}

const deepest = 6

function objectOf(schema: Schema, depth: number): Arbitrary<unknown> {
  if (depth > deepest) return fc.constant({})
  const properties = Object.entries(schemaIn(schema, 'properties')).flatMap(([name, each]) => (isSchema(each) ? [[name, valueOf(each, depth + 1)] as const] : []))
  const required = listIn(schema, 'required').map(String).filter((name) => properties.some(([known]) => known === name))
  return fc.record(Object.fromEntries(properties), { requiredKeys: required })
}

const formats: Readonly<Record<string, () => Arbitrary<string>>> = {
  uuid: () => fc.uuid(), email: () => fc.emailAddress(), uri: () => fc.webUrl(), 'uri-reference': () => fc.webUrl(), url: () => fc.webUrl(),
  date: () => fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }).map((date) => date.toISOString().slice(0, 10)),
  'date-time': () => fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }).map((date) => date.toISOString()),
  ipv4: () => fc.ipV4(), ipv6: () => fc.ipV6(),
}

function textOf(schema: Schema): Arbitrary<string> {
  const formatted = formats[String(schema['format'])]
  if (formatted !== undefined) return formatted()
  const pattern = typeof schema['pattern'] === 'string' ? matching(schema['pattern']) : undefined
  if (pattern !== undefined) return pattern
  const minLength = numberIn(schema, 'minLength') ?? 0
  const longest = numberIn(schema, 'maxLength')
  const some = fc.string({ minLength, maxLength: Math.max(minLength, Math.min(longest ?? 24, 200)) })
  // What is allowed at its longest is seldom tried by those who write it.
  return longest === undefined || longest > mostLetters ? some : fc.oneof({ arbitrary: some, weight: 4 }, { arbitrary: fc.string({ minLength: longest, maxLength: longest }), weight: 1 })
}

const mostLetters = 10_000

/** Undefined for a pattern that is written for another engine, or is too clever to be followed. */
function matching(pattern: string): Arbitrary<string> | undefined {
  try {
    const form = new RegExp(pattern)
    return fc.oneof(fc.stringMatching(form), fc.stringMatching(form, { size: 'medium' }))
  } catch {
    // Any text will do, and be refused.
    return undefined
  }
}

function boundsOf(schema: Schema, step: number): { readonly min: number; readonly max: number } {
  const low = numberIn(schema, 'minimum') ?? (numberIn(schema, 'exclusiveMinimum') ?? -1000 - step) + step
  const high = numberIn(schema, 'maximum') ?? (numberIn(schema, 'exclusiveMaximum') ?? Math.max(low, 0) + 1000 + step) - step
  const within = (bound: number): number => (step === 0 ? bound : Math.trunc(Math.max(-smallInteger, Math.min(smallInteger, bound))))
  return { min: within(Math.min(low, high)), max: within(Math.max(low, high)) }
}

const smallInteger = 2 ** 31 - 1

function merged(parts: readonly Schema[]): Schema {
  const { allOf: _allOf, ...whole }: Record<string, unknown> = Object.assign({}, ...parts)
  return { ...whole, properties: Object.assign({}, ...parts.map((each) => each['properties'] ?? {})), required: parts.flatMap((each) => listIn(each, 'required')) }
}

export function isSchema(value: unknown): value is Schema {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

export function schemaIn(schema: Schema, key: string): Schema {
  const value = schema[key]
  return isSchema(value) ? value : {}
}

function listIn(schema: Schema, key: string): readonly unknown[] {
  const value = schema[key]
  return Array.isArray(value) ? value : []
}

function numberIn(schema: Schema, key: string): number | undefined {
  const value = schema[key]
  return typeof value === 'number' ? value : undefined
}
