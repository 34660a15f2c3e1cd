import { expect, test } from 'vitest'
import { gracefulCheck } from '../src/checks/shutdown/graceful-check.ts'
import { findingsOf, processRehearsal } from './process-rehearsal.ts'

/** Asks its database before it answers; `onSignal` is what it does about SIGTERM. */
const shop = (onSignal: string): string => `import { createServer } from 'node:http'
import { connect } from 'node:net'
const { hostname, port } = new URL(process.env.DB_URL)
const pool = connect({ host: hostname, port: Number(port) })
const waiting = []
pool.on('data', (lines) => String(lines).trim().split('\\n').forEach(() => waiting.shift()?.(200))).on('error', () => undefined)
const query = () => new Promise((resolve) => { if (pool.destroyed) return resolve(500); waiting.push(resolve); pool.write('now?\\n'); })
const server = createServer(async (request, response) => {
  if (request.url === '/healthz') return response.end('ok')
  if (request.url !== '/readyz') return response.writeHead(404).end()
  response.writeHead(await query()).end()
}).listen(Number(process.env.PORT), '0.0.0.0')
${onSignal}`

const graceful = `process.on('SIGTERM', () => server.close(() => process.exit(0)))`
const service = (onSignal: string, startCommand?: string) => ({ source: shop(onSignal), healthCheckPath: '/healthz', needs: ['db'], maxShutdownDelayMs: 900, ...(startCommand !== undefined && { startCommand }) })

test('a server that answers what it has accepted and then ends passes; every other way to end is named', async () => {
  const rehearsal = await processRehearsal({
    databases: ['db'],
    services: {
      well: service(graceful),
      deaf: service(''),
      hasty: service(`process.on('SIGTERM', () => process.exit(0))`),
      wrapped: service(graceful, 'node server.mjs; true'),
      careless: service(`process.on('SIGTERM', () => { for (const answer of waiting.splice(0)) answer(500); pool.destroy(); server.close(() => process.exit(0)) })`),
      clinging: service(`process.on('SIGTERM', () => server.close())`),
      failing: service(`process.on('SIGTERM', () => server.close(() => process.exit(3)))`),
    },
  })
  const findings = await findingsOf(gracefulCheck(), rehearsal)
  const of = (name: string): unknown => findings.filter((each) => each.service === name)
  expect(of('well')).toMatchObject([{ is: 'pass', finding: expect.stringMatching(/^well answered all [1-9]\d* requests that it had accepted/) }])
  expect(of('deaf')).toMatchObject([{ is: 'fail', finding: expect.stringMatching(/^2 of 2 requests .* it ended by SIGTERM/), hint: expect.stringContaining('Handle SIGTERM') }])
  expect(of('hasty')).toMatchObject([{ is: 'fail', finding: expect.stringMatching(/^2 of 2 requests .* it ended with status 0/) }])
  expect(of('wrapped')).toMatchObject([{ is: 'fail', finding: expect.stringContaining('leaves the server behind'), hint: expect.stringContaining('exec') }])
  expect(of('careless')).toMatchObject([{ is: 'fail', finding: expect.stringContaining('with 500 once it was told to end'), hint: expect.stringContaining('pool') }])
  expect(of('clinging')).toMatchObject([{ is: 'fail', finding: expect.stringContaining('had not ended 0.9 s after SIGTERM') }])
  expect(of('failing')).toMatchObject([{ is: 'fail', finding: 'failing ended with status 3 when it was told to end' }])
})
