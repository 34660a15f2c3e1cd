import { contract } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { openApiDocument } from './openapi-document.ts'

const { paths = {} } = openApiDocument(contract, '1.2.3')
const operations = Object.values(paths).flatMap((path) => Object.values(path ?? {}))

test('every question of the contract is in it once, under its name', () => {
  expect(operations.map((operation) => (operation as { operationId: string }).operationId).toSorted()).toEqual(Object.keys(contract).toSorted())
})

test('it says who may ask, and what with', () => {
  expect(paths['/v1/sessions']?.post?.security).toEqual([])
  expect(paths['/v1/apps/{app}/rollback']?.post).toMatchObject({
    security: [{ bearer: [] }], description: 'Needs a releaser. In the app that it is about.', parameters: [{ name: 'app', in: 'path', required: true }, { name: 'Idempotency-Key', in: 'header' }],
    requestBody: { required: false, content: { 'application/json': { schema: { properties: { to: { type: 'integer' } } } } } },
  })
  expect(paths['/v1/audit']?.get?.parameters).toMatchObject([{ name: 'before', required: false }, { name: 'app', required: false }, { name: 'limit', required: false }])
})

test('it says what is answered: JSON, events or text, and problems', () => {
  const answers = (path: string) => paths[path]?.get?.responses
  expect(answers('/v1/apps/{app}/releases')).toMatchObject({ 200: { content: { 'application/json': { schema: { type: 'object', properties: { releases: { type: 'array', items: { type: 'object' } } }, required: ['releases', 'next'] } } } }, default: { content: { 'application/problem+json': { schema: { required: ['code', 'message'] } } } } })
  expect(answers('/v1/apps/{app}/releases/{release}/events')).toMatchObject({ 200: { content: { 'text/event-stream': {} } } })
  expect(answers('/metrics')).toMatchObject({ 200: { content: { 'text/plain': {} } } })
})
