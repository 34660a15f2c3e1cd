import fc from 'fast-check'
import type { Address } from '@plimsoll/model'
import type { Ask } from '../exchange.ts'
import type { Operation } from './operations.ts'
import { valueOf } from './value-of.ts'

export interface PlainAsk {
  readonly operation: Operation
  readonly address: Address
  readonly seed: number
}

/** Values for all that an operation may be told. */
export interface Told {
  readonly parameters: Readonly<Record<string, unknown>>
  /** JSON, or what is no JSON at all. */
  readonly body?: string | undefined
  readonly contentType?: string | undefined
}

const askTimeoutMs = 5_000

/** A request for `operation` as its document has it, always the same for a seed. */
export function plainAsk({ operation, address, seed }: PlainAsk, headers: Readonly<Record<string, string>> = {}): Ask {
  const sample = (schema: Parameters<typeof valueOf>[0]): unknown => fc.sample(valueOf(schema), { seed, numRuns: 1 })[0]
  const parameters = Object.fromEntries(operation.parameters.filter(({ required, in: where }) => required || where === 'path').map(({ name, schema }) => [name, sample(schema)]))
  const ask = askWith({ operation, address }, { parameters, ...(operation.body !== undefined && { body: JSON.stringify(sample(operation.body.schema)) }) })
  return { ...ask, headers: { ...ask.headers, ...headers } }
}

/** `operation`, told these values where its parameters stand. */
export function askWith({ operation, address }: Omit<PlainAsk, 'seed'>, { parameters, body, contentType = 'application/json' }: Told): Ask {
  const query = new URLSearchParams()
  const headers: Record<string, string> = {}
  let path = operation.path
  for (const { name, in: where } of operation.parameters) {
    const value = parameters[name]
    if (value === undefined) continue
    if (where === 'path') path = path.replace(`{${name}}`, () => encodeURIComponent(textOf(value)) || '%20')
    if (where === 'query') for (const one of Array.isArray(value) ? value : [value]) query.append(name, textOf(one))
    if (where === 'header') headers[name.toLowerCase()] = textOf(value).replaceAll(/[^\t\u0020-\u007e]/g, '?')
  }
  const search = query.size === 0 ? '' : `?${query}`
  return { address, method: operation.method, path: `${path}${search}`, timeoutMs: askTimeoutMs, ...(body !== undefined && { body }), headers: { ...headers, ...(body !== undefined && { 'content-type': contentType }) } }
}

function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  // Half of a surrogate pair has no place in a URL.
  return text.toWellFormed()
}
