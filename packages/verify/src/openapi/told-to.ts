import fc, { type Arbitrary } from 'fast-check'
import type { Operation } from './operations.ts'
import type { Told } from './plain-ask.ts'
import { isSchema, schemaIn, valueOf } from './value-of.ts'

/** One kind of request, and what it is like. */
export interface Case {
  readonly kind: string
  readonly told: Told
}

/** What breaks programs that were only ever asked nicely: the edges of numbers, of text, and of what is a text at all. */
const odd: readonly unknown[] = [
  null, true, '', ' ', 0, -1, 2 ** 31, 2 ** 53, -(2 ** 63), 1e308, 0.1, [], {}, [[]], 'a'.repeat(20_000), '\u0000', 'a\u0000b', '\ud800', '💥\u202e\ufeff', "'; --", '%', '../../etc/passwd', '9'.repeat(40),
]
/** A URL is no place for more. */
const oddInPath: readonly unknown[] = odd.filter((value) => typeof value !== 'string' || (value.length < 4_000 && value !== ''))

/** Bodies that are none: text, and what it says that it is. */
const noBodies: readonly (readonly [kind: string, body: string, contentType?: string])[] = [
  ['JSON that breaks off', '{"a": '], ['no object at all', 'null'], ['a list in place of an object', '[]'], ['an empty body', ''],
  ['another content type', '<a/>', 'application/xml'], ['a form', 'a=1', 'application/x-www-form-urlencoded'],
]

/** Requests for `operation` as its document has them. */
export function nicelyToldTo(operation: Operation): Arbitrary<Case> {
  return nice(operation).map(({ parameters, value }) => ({ kind: 'as documented', told: { parameters, body: written(value) } }))
}

/** Each of the ways in which a caller gets `operation` wrong, once, and in all else as its document has it; the same for a seed. */
export function wronglyToldTo(operation: Operation, seed: number): readonly Case[] {
  const [sample] = fc.sample(nice(operation), { seed, numRuns: 1 })
  if (sample === undefined) return []
  const { parameters, value } = sample
  const body = written(value)
  const cases: Case[] = operation.parameters.flatMap(({ name }) => oddInPath.map((strange) => ({ kind: `an odd ${name}`, told: { parameters: { ...parameters, [name]: strange }, body } })))
  if (operation.body === undefined) return cases
  const whole = isSchema(value) ? value : {}
  const names = Object.keys(schemaIn(operation.body.schema, 'properties'))
  const changed = (kind: string, other: unknown): Case => ({ kind, told: { parameters, body: written(other) } })
  return [
    ...cases,
    ...noBodies.map(([kind, text, contentType]) => ({ kind, told: { parameters, body: text, contentType } })),
    ...names.map((name) => changed(`no ${name}`, { ...whole, [name]: undefined })),
    changed('more than is documented', { ...whole, plimsoll: { constructor: 1 } }),
    ...names.flatMap((name) => odd.map((strange) => changed(`an odd ${name}`, { ...whole, [name]: strange }))),
  ]
}

function nice({ parameters, body }: Operation): Arbitrary<{ readonly parameters: Readonly<Record<string, unknown>>; readonly value: unknown }> {
  const values = Object.fromEntries(parameters.map(({ name, schema }) => [name, valueOf(schema)]))
  const required = parameters.filter((each) => each.required || each.in === 'path').map(({ name }) => name)
  return fc.record({ parameters: fc.record(values, { requiredKeys: required }), value: body === undefined ? fc.constant(undefined) : valueOf(body.schema) })
}

function written(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value)
}
