import { expect, test } from 'vitest'
import { honestHealthCheck } from '../src/checks/boot/honest-health-check.ts'
import { findingsOf, processRehearsal } from './process-rehearsal.ts'

/** Asks its database over one connection; `whenLost` is what it does when that breaks. */
const shop = (whenLost: string, routes = `request.url === '/readyz' ? query() : 200`): string => `import { createServer } from 'node:http'
import { connect } from 'node:net'
const { hostname, port } = new URL(process.env.DB_URL)
let socket
const open = () => {
  socket = connect({ host: hostname, port: Number(port) })
  ${whenLost}
}
open()
const query = () => new Promise((resolve) => {
  const one = socket
  if (one.destroyed) return resolve(503)
  one.once('close', () => resolve(503)).once('data', () => resolve(200))
  one.write('now?\\n')
})
createServer(async (request, response) => {
  if (request.url !== '/readyz' && request.url !== '/healthz') return response.writeHead(404).end()
  response.writeHead(await (${routes})).end()
}).listen(Number(process.env.PORT), '0.0.0.0')`

const reopens = `socket.on('error', () => undefined).on('close', () => setTimeout(open, 50))`

test('the loss of a database is told and outlived; a process that ends of it, or stays without it, fails', async () => {
  const service = (source: string) => ({ source, healthCheckPath: '/healthz', needs: ['db'] })
  const rehearsal = await processRehearsal({
    databases: ['db'],
    services: {
      well: service(shop(reopens)),
      dying: service(shop('')),
      silent: service(shop(reopens, `request.url === '/readyz' ? 404 : 200`)),
      telling: service(shop(reopens, `request.url === '/healthz' ? query() : 404`)),
      alone: { source: `import { createServer } from 'node:http'; createServer((_, response) => response.end()).listen(Number(process.env.PORT))` },
    },
  })
  expect(await findingsOf(honestHealthCheck(), rehearsal)).toMatchObject([
    { service: 'well', is: 'pass', finding: expect.stringContaining('/readyz') },
    { service: 'dying', is: 'fail', finding: expect.stringContaining('dying ends with status 1 when its database goes away'), hint: expect.stringContaining('"error"') },
    { service: 'silent', is: 'fail', weight: 'advice', finding: expect.stringContaining('says at /healthz that all is well') },
    { service: 'telling', is: 'pass', finding: expect.stringContaining('/healthz') },
  ])
})

test('an app in which nobody has a database is skipped', async () => {
  const rehearsal = await processRehearsal({ services: { alone: { source: `import { createServer } from 'node:http'; createServer((_, response) => response.end()).listen(Number(process.env.PORT))` } } })
  expect(await findingsOf(honestHealthCheck(), rehearsal)).toMatchObject([{ is: 'skipped' }])
})
