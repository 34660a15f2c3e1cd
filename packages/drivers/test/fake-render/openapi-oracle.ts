import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'
import type { Exchange } from './exchange.ts'

const file = join(import.meta.dirname, '../../../../../shared/data/render-openapi.json')

/** Why nothing can be checked against Render's own document here; empty where it can. */
export const whyNoOpenApi = existsSync(file) ? '' : ` (skipped: no ${file})`

export interface OpenApiOracle {
  /** Holds an exchange against Render's OpenAPI document. Faults that were asked for are not held against it. */
  look(exchange: Exchange): void
  /** What did not agree with it. */
  readonly faults: readonly string[]
  /** `POST /services 201`, each once. */
  readonly seen: ReadonlySet<string>
}

type Json = Readonly<Record<string, unknown>>

/** Without the document it agrees with everything. */
export function createOpenApiOracle(): OpenApiOracle {
  const faults: string[] = []
  const seen = new Set<string>()
  const book = whyNoOpenApi === '' ? (opened ??= openBook()) : undefined
  return {
    faults, seen,
    look({ template, method, asked, answered, faulty }) {
      if (book === undefined || faulty) return
      const where = `${method} ${template}`
      seen.add(`${where} ${answered.status}`)
      const say = (what: string) => void faults.push(`${where} ${answered.status}: ${what}`)
      const operation = book.read(['paths', template, method.toLowerCase()])
      if (operation === undefined) return say('the document has no such operation')
      // A request that the fake refuses may well be wrong.
      if (answered.status < 300) for (const each of questionFaults(book, { template, method, asked })) say(each)
      for (const each of answerFaults(book, { template, method, answered })) say(each)
    },
  }
}

interface Book {
  /** Whether a value is what a schema of the document wants. */
  fits(schema: Json, value: unknown): boolean
  read(path: readonly string[]): Json | undefined
  /** What a schema at this path has against a value. */
  against(path: readonly string[], value: unknown): string | undefined
}

/** Reading and compiling it takes a moment, and it is the same for all. */
let opened: Book | undefined

function openBook(): Book {
  const document: Json = lenient(JSON.parse(readFileSync(file, 'utf8'))) as Json
  const ajv = formats.default(new Ajv({ strict: false, allErrors: true, coerceTypes: false, formats: { password: true } }))
  ajv.addSchema(document, 'render')
  const compiled = new Map<string, ValidateFunction>()
  const resolve = (node: unknown): Json | undefined => {
    if (typeof node !== 'object' || node === null) return undefined
    if (!('$ref' in node)) return node as Json
    return read(String(node.$ref).slice(2).split('/').map((part) => part.replaceAll('~1', '/')))
  }
  const read = (path: readonly string[]): Json | undefined => path.reduce<Json | undefined>((node, key) => resolve(node?.[key]), document)
  return {
    read,
    fits(schema, value) {
      const text = JSON.stringify(schema).replaceAll('"#/', '"render#/')
      const validate = compiled.get(text) ?? ajv.compile(JSON.parse(text) as Json)
      compiled.set(text, validate)
      return validate(value)
    },
    against(path, value) {
      const pointer = `render#/${path.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`
      const validate = compiled.get(pointer) ?? ajv.compile({ $ref: pointer })
      compiled.set(pointer, validate)
      return validate(value) ? undefined : ajv.errorsText(validate.errors, { dataVar: '' }).slice(0, 400)
    },
  }
}

/**
 * Two things of the document cannot be meant as they stand. Of its alternatives several often fit, which no discriminator tells apart: one at least
 * has to. And it requires a key that it does not describe, the `project` of a database.
 */
function lenient(node: unknown): unknown {
  if (typeof node === 'string' && node.startsWith('#/')) return node.replaceAll('/oneOf/', '/anyOf/')
  if (Array.isArray(node)) return node.map((each) => lenient(each))
  if (typeof node !== 'object' || node === null) return node
  const entries = Object.entries(node).map(([key, value]): [string, unknown] => [key === 'oneOf' ? 'anyOf' : key, lenient(value)])
  if (!('properties' in node) || !('required' in node) || !Array.isArray(node.required)) return Object.fromEntries(entries)
  const described = Object.keys(node.properties ?? {})
  return { ...Object.fromEntries(entries), required: node.required.filter((key) => described.includes(String(key))) }
}

function* questionFaults(book: Book, { template, method, asked }: Pick<Exchange, 'template' | 'method' | 'asked'>): Generator<string> {
  const at = ['paths', template, method.toLowerCase()]
  const known = new Map(parametersOf(book, template, method).map((each) => [`${String(each['in'])} ${String(each['name'])}`, each]))
  for (const key of new Set(asked.query.keys())) {
    const parameter = known.get(`query ${key}`)
    if (parameter === undefined) yield `the query has ${key}, which the document does not know`
    else if (!readings(parameter, asked.query.getAll(key)).some((value) => book.fits(parameter['schema'] as Json, value))) yield `${key}=${asked.query.getAll(key).join('&')} in the query`
  }
  for (const [name, parameter] of known) {
    const key = name.replace('query ', '')
    if (name.startsWith('query ') && parameter['required'] === true && !asked.query.has(key)) yield `${key} is missing in the query`
  }
  const schema = [...at, 'requestBody', 'content', 'application/json', 'schema']
  if (book.read(schema) === undefined) {
    if (asked.body !== undefined) yield 'a body was sent, and the document has none'
    return
  }
  const wrong = book.against(schema, asked.body)
  if (wrong !== undefined) yield `the request: ${wrong}`
}

/** What values of a query may stand for, text as they are: lists are joined by commas or are one value an entry, as the parameter says. */
function readings(parameter: Json, values: readonly string[]): readonly unknown[] {
  const [only = '', ...more] = values
  if (parameter['explode'] === false) return more.length > 0 ? [] : [only.split(','), only]
  return more.length > 0 ? [values] : [values, only, Number(only), only === 'true']
}

function parametersOf(book: Book, template: string, method: string): readonly Json[] {
  const listAt = (path: readonly string[]): readonly Json[] => {
    const list = book.read(path)
    return Array.isArray(list) ? list.map((_, index) => book.read([...path, String(index)])).filter((each) => each !== undefined) : []
  }
  return [...listAt(['paths', template, 'parameters']), ...listAt(['paths', template, method.toLowerCase(), 'parameters'])]
}

function answerFaults(book: Book, { template, method, answered }: Pick<Exchange, 'template' | 'method' | 'answered'>): readonly string[] {
  const at = ['paths', template, method.toLowerCase(), 'responses', String(answered.status)]
  if (book.read(at) === undefined) return ['the document has no such status']
  // Most answers are references themselves, which a pointer does not follow.
  const reference = responseReference(book, template, method)[String(answered.status)]
  const schema = [...(reference ?? at), 'content', 'application/json', 'schema']
  if (book.read(schema) === undefined) return answered.body === undefined ? [] : ['a body was answered, and the document has none']
  const wrong = book.against(schema, answered.body)
  return wrong === undefined ? [] : [`the answer: ${wrong}`]
}

/** Where the answers of an operation stand in the document, of those that are written elsewhere. */
function responseReference(book: Book, template: string, method: string): Readonly<Record<string, readonly string[]>> {
  const responses = book.read(['paths', template, method.toLowerCase(), 'responses']) ?? {}
  return Object.fromEntries(Object.entries(responses).flatMap(([status, response]) =>
    (typeof response === 'object' && response !== null && '$ref' in response ? [[status, String(response.$ref).slice(2).split('/')]] : [])))
}
