import { expect, test } from 'vitest'
import { generatedRequestsCheck } from '../src/checks/errors/generated-requests-check.ts'
import { documentedService, type MadeOperation } from './documented-service.ts'
import { findingsOf, processRehearsal } from './process-rehearsal.ts'

const note = { type: 'object', properties: { text: { type: 'string', maxLength: 20 }, stars: { type: 'integer', minimum: 0, maximum: 5 } }, required: ['text'] }
const body = { requestBody: { required: true, content: { 'application/json': { schema: note } } } }
const answers = (schema: unknown): Record<string, unknown> => ({ responses: { 200: { description: '', content: { 'application/json': { schema } } } } })
const parsed = `let value; try { value = JSON.parse(text) } catch { return answer(400, {}) }
if (value === null || typeof value !== 'object' || typeof value.text !== 'string') return answer(400, {});`

const operations: readonly MadeOperation[] = [
  { is: 'POST /well', documented: { ...body, ...answers({ type: 'object', required: ['id'] }) }, does: `${parsed} return answer(200, { id: 1 })` },
  { is: 'POST /trusting', documented: body, does: `let value; try { value = JSON.parse(text) } catch { return answer(400, {}) } try { return answer(200, value.text.length) } catch { return answer(500, {}) }` },
  { is: 'POST /nul', documented: body, does: `${parsed} return answer(value.text.includes('\\0') ? 500 : 200, {})` },
  { is: 'GET /stars/{id}', documented: { parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }] }, does: `return Number(request.url.split('/')[2]) > 2147483647 ? answer(400, { message: 'invalid input syntax for type integer' }) : answer(200, {})` },
  { is: 'GET /lying', documented: answers({ type: 'object', required: ['id'] }), does: `return answer(200, { ids: 1 })` },
]

test('a service that fails, tells SQL or answers what it does not document is shown with its smallest request; one that refuses passes', async () => {
  const rehearsal = await processRehearsal({ services: { notes: documentedService(operations), well: documentedService(operations.slice(0, 1)), plain: { source: `import { createServer } from 'node:http'; createServer((_, response) => response.writeHead(404).end()).listen(Number(process.env.PORT))` } } })
  const findings = await findingsOf(generatedRequestsCheck(), rehearsal)
  const about = (path: string): unknown => findings.find(({ service, finding }) => service === 'notes' && finding.includes(` ${path} `))
  expect(about('/well')).toBeUndefined()
  expect(about('/trusting')).toMatchObject({ is: 'fail', finding: expect.stringContaining('POST /trusting of notes answers 500'), reproduce: expect.stringMatching(/^curl -i -X POST .*\/trusting'$/) })
  expect(about('/nul')).toMatchObject({ is: 'fail', finding: 'POST /nul of notes answers 500 when it is sent an odd text', reproduce: expect.stringContaining(String.raw`\u0000`) })
  expect(about('/stars/{id}')).toMatchObject({ is: 'fail', finding: expect.stringContaining('answers 400 with SQL, or what the database said when it is sent an odd id') })
  expect(about('/lying')).toMatchObject({ is: 'fail', finding: expect.stringContaining("answers 200 with what its document does not say: the whole must have required property 'id'") })
  expect(findings.filter(({ service }) => service !== 'notes')).toMatchObject([
    { service: 'well', is: 'pass', finding: expect.stringMatching(/^1 operations of well answered 75 generated requests .*seed 7/) },
    { service: 'plain', is: 'skipped', hint: expect.stringContaining('@fastify/swagger') },
  ])
})
