import { expect, test } from 'vitest'
import { cookiesCheck } from '../src/checks/auth/cookies-check.ts'
import { protectedRoutesCheck } from '../src/checks/auth/protected-routes-check.ts'
import { unknownPathsCheck } from '../src/checks/errors/unknown-paths-check.ts'
import { corsCheck } from '../src/checks/services/cors-check.ts'
import { documentedService, type MadeOperation } from './documented-service.ts'
import type { Finding } from '../src/rehearsal/rehearsal-check.ts'
import { findingsOf, processRehearsal } from './process-rehearsal.ts'

const closed = (is: string, does: string): MadeOperation => ({ is, does, documented: { security: [{ session: [] }], parameters: is.includes('{id}') ? [{ name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } }] : [] } })
const refuse = `if (request.headers.authorization !== 'Bearer right') return answer(401, {}); return answer(200, {})`

test('protected operations that let nobody in pass; one that lets somebody in, or looks at the request first, is named', async () => {
  const rehearsal = await processRehearsal({
    services: {
      shut: documentedService([closed('GET /orders', refuse), closed('DELETE /orders/{id}', refuse), { is: 'GET /open', does: 'return answer(200, {})', documented: {} }]),
      ajar: documentedService([closed('GET /orders', refuse), closed('DELETE /orders/{id}', 'return answer(200, {})')]),
      believing: documentedService([closed('GET /orders', 'return answer(request.headers.authorization ? 200 : 401, {})')]),
      late: documentedService([closed('GET /orders/{id}', 'return answer(404, {})')]),
      open: documentedService([{ is: 'GET /open', does: 'return answer(200, {})', documented: {} }]),
    },
  })
  expect(await findingsOf(protectedRoutesCheck(), rehearsal)).toMatchObject([
    { service: 'shut', is: 'pass', finding: expect.stringContaining('All 2 protected operations') },
    { service: 'ajar', is: 'fail', finding: expect.stringContaining('DELETE /orders/{id} of ajar is marked as protected and answers 200 to somebody without credentials') },
    { service: 'believing', is: 'fail', finding: expect.stringContaining('answers 200 to made-up credentials') },
    { service: 'late', is: 'fail', weight: 'advice', finding: expect.stringContaining('answers 404 before it asks who wants to know') },
    { service: 'open', is: 'skipped', hint: expect.stringContaining('security') },
  ])
})

test('cookies that say who somebody is are flagged well, or shown; others are nobody’s business', async () => {
  const shop = (cookie: string): { source: string; healthCheckPath: string } => ({ healthCheckPath: '/', source: `import { createServer } from 'node:http'
createServer((request, response) => response.setHeader('set-cookie', \`${cookie}\`).end('ok')).listen(Number(process.env.PORT), '0.0.0.0')` })
  const rehearsal = await processRehearsal({
    services: {
      well: shop('session=1; Path=/; HttpOnly; SameSite=Lax${request.headers["x-forwarded-proto"] === "https" ? "; Secure" : ""}'),
      theme: shop('theme=dark'),
      bare: shop('session=1'),
      none: shop('basket=1; SameSite=None'),
    },
  })
  expect(await findingsOf(cookiesCheck(), rehearsal)).toMatchObject([
    { service: 'well', is: 'pass' },
    { service: 'theme', is: 'pass' },
    { service: 'bare', is: 'fail', finding: expect.stringContaining('HttpOnly') },
    { service: 'bare', is: 'fail', weight: 'advice', finding: expect.stringContaining('SameSite') },
    { service: 'bare', is: 'fail', weight: 'advice', finding: expect.stringContaining('Secure') },
    { service: 'none', is: 'fail', finding: 'Browsers refuse the cookie basket: SameSite=None needs Secure' },
  ])
})

test('the cookie of a session is seen by signing in as the configuration says, and it is said when that does not work', async () => {
  const door = (flags: string): { source: string; healthCheckPath: string } => ({ healthCheckPath: '/', source: `import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
createServer(async (request, response) => {
  if (request.method !== 'POST') return response.end('ok')
  const { name } = await json(request)
  name === 'ada' ? response.setHeader('set-cookie', 'sid=1; Secure; SameSite=Lax; ${flags}').end() : response.writeHead(401).end()
}).listen(Number(process.env.PORT), '0.0.0.0')` })
  const signingIn = async (flags: string, name: string): Promise<readonly Finding[]> => {
    const rehearsal = await processRehearsal({ services: { api: door(flags) } })
    return findingsOf(cookiesCheck(), { ...rehearsal, signIn: { service: 'api', path: '/session', fields: { name } } })
  }
  expect(await signingIn('HttpOnly', 'ada')).toMatchObject([{ service: 'api', is: 'pass', finding: expect.stringContaining('sid of api') }])
  expect(await signingIn('', 'ada')).toMatchObject([{ service: 'api', is: 'fail', finding: expect.stringContaining('HttpOnly'), reproduce: expect.stringContaining('/session') }])
  expect(await signingIn('HttpOnly', 'eve')).toMatchObject([{ service: 'api', is: 'inconclusive', weight: 'advice', finding: expect.stringContaining('answers 401') }])
})

test('an API that pages name lets them read its answers, or is named; what nobody names is not asked', async () => {
  const api = (origin: string): { source: string; healthCheckPath: string; needs: string[] } => ({ healthCheckPath: '/', needs: ['web'], source: `import { createServer } from 'node:http'
createServer((request, response) => response.setHeader('access-control-allow-origin', ${origin}).end('ok')).listen(Number(process.env.PORT), '0.0.0.0')` })
  const rehearsal = await processRehearsal({
    services: {
      web: { source: api('"*"').source, publicValues: { NEXT_PUBLIC_OPEN: 'http://open.shop.test/v1', NEXT_PUBLIC_SHUT: 'http://shut.shop.test', NEXT_PUBLIC_ELSEWHERE: 'https://maps.example.com', NEXT_PUBLIC_NAME: 'Shop' } },
      open: api('process.env.WEB_URL.replace("127.0.0.1", "localhost")'),
      shut: api('"https://shop.example.com"'),
      unnamed: api('"https://shop.example.com"'),
    },
  })
  expect(await findingsOf(corsCheck(), rehearsal)).toMatchObject([
    { service: 'open', is: 'pass' },
    { service: 'shut', is: 'fail', finding: expect.stringContaining('may not read what shut answers, though NEXT_PUBLIC_SHUT names it'), reproduce: expect.stringContaining('origin: http://localhost:') },
  ])
})

test('a controlled 404 passes; a 500, a stack trace, a page for everything and x-powered-by are told', async () => {
  const source = (answer: string): { source: string } => ({ source: `import { createServer } from 'node:http'
createServer((request, response) => { ${answer} }).listen(Number(process.env.PORT), '0.0.0.0')` })
  const rehearsal = await processRehearsal({
    services: {
      well: source('response.writeHead(404).end("not here")'),
      naive: source('try { decodeURIComponent(request.url); response.writeHead(404).end() } catch { response.writeHead(500).end() }'),
      talking: source('response.writeHead(404).end(new Error("not here").stack)'),
      welcoming: source('response.setHeader("x-powered-by", "Shop 1.0"); response.end("<html>")'),
    },
  })
  expect(await findingsOf(unknownPathsCheck(), rehearsal)).toMatchObject([
    { service: 'well', is: 'pass', finding: 'well answers 404 where there is nothing' },
    { service: 'naive', is: 'fail', finding: 'naive answers 500 at GET /%E0%A4%A, which is not there' },
    { service: 'talking', is: 'fail', finding: expect.stringContaining('tells a stack trace') },
    { service: 'welcoming', is: 'fail', weight: 'advice', finding: expect.stringContaining('answers 200 at /nothing-7') },
    { service: 'welcoming', is: 'fail', weight: 'advice', finding: expect.stringContaining('x-powered-by: Shop 1.0') },
    { service: 'welcoming', is: 'pass' },
  ])
})
