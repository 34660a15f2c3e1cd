import { problemSchema, type Route } from '@plimsoll/model'
import { isChange } from './audit-trail.ts'
import type { OpenAPIV3_1 } from 'openapi-types'
import { z } from 'zod'

type Schema = OpenAPIV3_1.SchemaObject
type Operation = OpenAPIV3_1.OperationObject

/** Beside all of its own, which it names, a question may be answered by any problem. */
const problem = { description: 'What went wrong, and what to do next', content: { 'application/problem+json': { schema: schemaOf(problemSchema, 'output') } } }

const needs: Readonly<Record<Route['needs'], string>> = {
  'nothing': 'For everybody.', 'to be known': 'For whoever is known.', 'viewer': 'Needs a viewer.', 'releaser': 'Needs a releaser.', 'admin': 'Needs an admin.',
}

/** The contract as an OpenAPI 3.1 document. Nothing is written down twice: a route is in it because it is in the contract. */
export function openApiDocument(contract: Readonly<Record<string, Route>>, version: string): OpenAPIV3_1.Document {
  const paths: Record<string, Record<string, Operation>> = {}
  for (const [name, route] of Object.entries(contract)) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(name, route) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Plimsoll', version, description: 'Releases, their proofs and their journals. Whatever goes wrong is answered as `application/problem+json`.' },
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'A token that was made for a program, or that of the machine’s owner.' } } },
    paths,
  }
}

function operationOf(name: string, route: Route): Operation {
  const about = route.path.includes(':app') ? ' In the app that it is about.' : ' In all of Plimsoll.'
  const body = bodyOf(route)
  return {
    operationId: name, summary: route.summary, description: `${needs[route.needs]}${['viewer', 'releaser', 'admin'].includes(route.needs) ? about : ''}`,
    tags: [tagOf(route)],
    security: route.needs === 'nothing' ? [] : [{ bearer: [] }],
    parameters: [...pathParameters(route), ...queryParameters(route), ...headerParameters(route)],
    ...(body !== undefined && { requestBody: body }),
    responses: { 200: { description: route.stream ? 'Server-sent events, each with the type `event` and `data` as JSON' : 'The answer', content: { [mediaTypeOf(route)]: { schema: schemaOf(route.reply, 'output') } } }, default: problem },
  }
}

function tagOf({ path }: Pick<Route, 'path'>): string {
  const [, version, first = '', , under] = path.split('/')
  if (version !== 'v1') return 'itself'
  return first === 'apps' ? (under ?? 'apps') : first
}

function mediaTypeOf({ stream, mediaType = 'application/json' }: Route): string {
  return stream ? 'text/event-stream' : (mediaType.split(';')[0] ?? mediaType)
}

function pathParameters({ path }: Route): OpenAPIV3_1.ParameterObject[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({ name, in: 'path', required: true, schema: { type: name === 'release' ? 'integer' as const : 'string' as const } }))
}

function queryParameters({ query }: Route): OpenAPIV3_1.ParameterObject[] {
  const { properties = {}, required = [] } = schemaOf(query, 'input')
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: required.includes(name), schema: schema as object }))
}

function headerParameters(route: Route): OpenAPIV3_1.ParameterObject[] {
  if (!isChange(route) || route.needs === 'nothing' || route.stream || route.upload !== undefined) return []
  const key = { name: 'Idempotency-Key', in: 'header', schema: { type: 'string' as const, maxLength: 200 }, description: 'Sent again with the same key within a day, the change is made once and answered the same.' }
  const match = { name: 'If-Match', in: 'header', schema: { type: 'string' as const }, description: 'The ETag of what was looked at: the change is made only while nobody else has made one since.' }
  return route.guarded ? [key, match] : [key]
}

function bodyOf({ method, body, upload }: Route): OpenAPIV3_1.RequestBodyObject | undefined {
  if (upload !== undefined) return { required: true, content: { [upload]: { schema: { type: 'string', format: 'binary' } } } }
  if (method === 'GET' || method === 'DELETE' || body.safeParse(undefined).success) return undefined
  return { required: !body.safeParse({}).success, content: { 'application/json': { schema: schemaOf(body, 'input') } } }
}

/** What has no form in JSON Schema, such as a value that is given anew by a function, is anything. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Schema {
  const { $schema: _named, ...made } = z.toJSONSchema(schema, { io, unrepresentable: 'any', target: 'draft-2020-12' })
  return made as Schema
}
