/** A schema of JSON Schema, as OpenAPI writes them. */
export type Schema = Readonly<Record<string, unknown>>

export interface Parameter {
  readonly name: string
  readonly in: string
  readonly required: boolean
  readonly schema: Schema
}

/** One thing that a service says it can be asked. */
export interface Operation {
  /** In capitals. */
  readonly method: string
  /** With its parameters in braces: `/v1/carts/{cartId}`. */
  readonly path: string
  readonly parameters: readonly Parameter[]
  /** Of a JSON body; undefined where it takes none. */
  readonly body: { readonly schema: Schema; readonly required: boolean } | undefined
  /** Status, as it is documented (`200`, `4XX`, `default`) → the schema of its JSON, if there is one. */
  readonly responses: ReadonlyMap<string, Schema | undefined>
  /** The names of the schemes of which one is wanted; empty for an operation that everybody may use. */
  readonly security: readonly string[]
}

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch']

/** Every operation of an OpenAPI document (3.0, 3.1 or Swagger 2.0), its references resolved. Whatever is no such document has none. */
export function operationsIn(document: unknown): readonly Operation[] {
  const root = record(document)
  const prefix = prefixOf(root)
  return Object.entries(record(root['paths'])).flatMap(([path, item]) => {
    const shared = list(record(item)['parameters'])
    return Object.entries(record(item)).filter(([method]) => methods.includes(method)).map(([method, each]): Operation => {
      const operation = record(each)
      const parameters = [...shared, ...list(operation['parameters'])].map((one) => record(inlined(root, one)))
      return {
        method: method.toUpperCase(), path: `${prefix}${path}`,
        parameters: parameters.filter((one) => one['in'] !== 'body' && one['in'] !== 'formData').map(parameterOf),
        body: bodyOf(root, operation, parameters),
        responses: new Map(Object.entries(record(operation['responses'])).map(([status, response]) => [status, jsonSchemaOf(record(inlined(root, response)))])),
        security: list(operation['security'] ?? root['security']).flatMap((one) => Object.keys(record(one))),
      }
    })
  })
}

/** Paths stand below the first server's, or below `basePath`. */
function prefixOf(root: Readonly<Record<string, unknown>>): string {
  const named = record(list(root['servers'])[0])['url'] ?? root['basePath'] ?? ''
  const path = URL.parse(String(named), 'http://localhost')?.pathname ?? ''
  return path.replace(/\/$/, '')
}

function parameterOf({ name, in: where, required, schema, ...rest }: Readonly<Record<string, unknown>>): Parameter {
  // Swagger 2.0 has a parameter's schema in the parameter itself.
  return { name: String(name), in: String(where), required: required === true, schema: schema === undefined ? rest : record(schema) }
}

function bodyOf(root: Readonly<Record<string, unknown>>, operation: Readonly<Record<string, unknown>>, parameters: readonly Readonly<Record<string, unknown>>[]): Operation['body'] {
  const old = parameters.find((each) => each['in'] === 'body')
  if (old !== undefined) return { schema: record(old['schema']), required: old['required'] === true }
  const body = record(inlined(root, operation['requestBody']))
  const schema = jsonSchemaOf(body)
  return schema && { schema, required: body['required'] === true }
}

function jsonSchemaOf(holder: Readonly<Record<string, unknown>>): Schema | undefined {
  const json = Object.entries(record(holder['content'])).find(([type]) => /[/+]json\b/.test(type))
  const schema = json === undefined ? holder['schema'] : record(json[1])['schema']
  return schema === undefined ? undefined : record(schema)
}

const deepest = 8

/** `node` with what its references name in their place. One that leads back to itself is anything at all from some depth on. */
function inlined(root: Readonly<Record<string, unknown>>, node: unknown, depth = 0): unknown {
  if (Array.isArray(node)) return node.map((each) => inlined(root, each, depth))
  if (node === null || typeof node !== 'object') return node
  const ref = record(node)['$ref']
  if (typeof ref === 'string') return depth >= deepest ? {} : inlined(root, named(root, ref), depth + 1)
  const { exclusiveMinimum, exclusiveMaximum, minimum, maximum } = record(node)
  const bounds = { ...(exclusiveMinimum === true && { exclusiveMinimum: minimum }), ...(exclusiveMaximum === true && { exclusiveMaximum: maximum }) }
  return Object.fromEntries(Object.entries({ ...node, ...bounds }).map(([key, value]) => [key, inlined(root, value, depth)]))
}

function named(root: unknown, ref: string): unknown {
  const steps = ref.replace(/^#\//, '').split('/').map((step) => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'))
  return steps.reduce((node, step) => record(node)[step], root)
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : {}
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
