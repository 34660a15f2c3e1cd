import { expect, test } from 'vitest'
import { carriesTrafficCheck } from '../src/checks/services/carries-traffic-check.ts'
import { cutCheck } from '../src/checks/services/cut-check.ts'
import { findingsOf, processRehearsal } from './process-rehearsal.ts'

const api = { healthCheckPath: '/healthz', source: `import { createServer } from 'node:http'
createServer((request, response) => response.end('ok')).listen(Number(process.env.PORT), '0.0.0.0')` }

/** Asks the API at /readyz; `otherwise` is what it does when that fails. */
const web = (otherwise: string): { source: string; healthCheckPath: string; needs: string[] } => ({
  healthCheckPath: '/healthz', needs: ['api'],
  source: `import { createServer } from 'node:http'
createServer(async (request, response) => {
  if (request.url === '/healthz') return response.end('ok')
  if (request.url !== '/readyz') return response.writeHead(404).end()
  try { await (await fetch(process.env.API_URL)).text(); response.end('ok') } catch (error) { ${otherwise} }
}).listen(Number(process.env.PORT), '0.0.0.0')`,
})

test('a cut connection is answered with a controlled error and mended without a word; a crash, a stack trace and an unused wire are told', async () => {
  const rehearsal = await processRehearsal({
    services: {
      api,
      well: web(`response.writeHead(503).end('the shop is not reachable')`),
      dying: web(`process.exit(1)`),
      talking: web(`response.writeHead(500).end(new Error("no api").stack)`),
      stubborn: web(`process.env.API_URL = 'http://127.0.0.1:1'; response.writeHead(503).end()`),
      unused: { ...api, needs: ['api'] },
    },
  })
  const carried = await findingsOf(carriesTrafficCheck(), rehearsal)
  expect(carried.filter(({ is }) => is !== 'pass')).toMatchObject([{ service: 'unused', weight: 'advice', finding: expect.stringContaining('unused is told of api (API_URL) and never connected to it') }])
  const findings = await findingsOf(cutCheck(limits), rehearsal)
  expect(findings).toMatchObject([
    { service: 'well', is: 'pass' },
    { service: 'dying', is: 'fail', finding: 'dying ends with status 1 when its connection to api (API_URL) breaks' },
    { service: 'talking', is: 'fail', finding: expect.stringContaining('talking answers 500 at /readyz with a stack trace') },
    { service: 'stubborn', is: 'fail', finding: expect.stringContaining('stubborn does not recover') },
  ])
})

const limits = { longestMs: 2_000, recoverMs: 500 }
