import type { Candidate, CandidateUnit, Check, Reach } from '@plimsoll/engine'
import { serviceNameSchema, unitNameSchema, releaseNumberSchema, type Address, type UnitSpec, type Verdict } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { createProbe, healthCheck, pagesCheck, readinessCheck, wiringCheck } from '../src/verify.ts'
import { closedPort, nextBuild, serve, temporary } from './candidate-world.ts'

const never = new AbortController().signal
const probe = createProbe()
const service = serviceNameSchema.parse('web')
test('health passes on 2xx and 3xx, and fails on anything else with how to see it', async () => {
  const port = await serve((request, response) => response.writeHead(request.url === '/healthz' ? 204 : 500).end())
  expect(await ask(healthCheck(probe), port, { spec: { healthCheckPath: '/healthz' } })).toMatchObject([{ is: 'pass' }])
  expect(await ask(healthCheck(probe), port, { spec: { healthCheckPath: '/' } })).toMatchObject([{ is: 'fail', finding: 'web / answers 500', reproduce: `curl -i http://127.0.0.1:${port}/` }])
})

test('health of a service without a path is skipped, with the advice to name one', async () => {
  expect(await ask(healthCheck(probe), await closedPort())).toMatchObject([{ is: 'skipped', hint: expect.stringContaining('healthCheckPath') }])
})

test('health fails on a port where nobody listens', async () => {
  expect(await ask(healthCheck(probe), await closedPort(), { spec: { healthCheckPath: '/' } })).toMatchObject([{ is: 'fail', finding: 'web / does not answer (refused)' }])
})

test('readiness fails when a service says that something it needs is gone', async () => {
  const port = await serve((request, response) => (request.url === '/readyz' ? response.writeHead(503).end('no database') : response.writeHead(404).end()))
  expect(await ask(readinessCheck(probe), port)).toMatchObject([{ is: 'fail', finding: expect.stringContaining('no database') }])
})

test('readiness is skipped where a service does not tell', async () => {
  const port = await serve((_request, response) => response.writeHead(404).end())
  expect(await ask(readinessCheck(probe), port)).toMatchObject([{ is: 'skipped' }])
})

test('wiring fails for an address that a variable names and nobody answers at, whoever is asked to try', async () => {
  const open = await serve((_request, response) => response.end())
  const closed = await closedPort()
  const environment = { API: `127.0.0.1:${open}`, DATABASE_URL: `postgresql://u:p@127.0.0.1:${closed}/db`, PUBLIC: `http://127.0.0.1:${closed}`, TEXT: 'hello' }
  const verdicts = await ask(wiringCheck(), open, { environment, reach: (address, signal) => probe.tcp({ address, timeoutMs: 3_000 }, signal) })
  expect(verdicts.map(({ is, finding }) => [is, finding])).toEqual([
    ['pass', `web reaches 127.0.0.1:${open} (API)`],
    ['fail', `web cannot reach 127.0.0.1:${closed}, which DATABASE_URL names (refused)`],
  ])
})

test('wiring says nothing of an address outside of its place, and that it does not know where nobody could try', async () => {
  const environment = { API: 'api-r3.shop.internal:10000', CACHE: 'redis://:p@cache.shop.internal:6379', MAIL: 'smtp://mail.example.com:587' }
  const reach = async ({ host }: Address): Promise<Reach | undefined> => (host.endsWith('.example.com') ? undefined : host.startsWith('api') ? { is: 'healthy' } : { is: 'unknown', because: 'its image has no Node to ask with' })
  const verdicts = await ask(wiringCheck(), 1, { environment, reach })
  expect(verdicts.map(({ is, finding }) => [is, finding])).toEqual([
    ['pass', 'web reaches api-r3.shop.internal:10000 (API)'],
    ['skipped', 'whether web reaches cache.shop.internal:6379 (CACHE) was not asked: its image has no Node to ask with'],
  ])
})

test('pages pass when each page without a parameter answers with all its files', async () => {
  const port = await serve((request, response) => {
    if (request.url === '/') return response.end('<script src="/_next/a.js"></script>')
    return response.writeHead(request.url === '/about' || request.url === '/_next/a.js' ? 200 : 404).end()
  })
  const files = await nextBuild({ '/page': '/', '/about/page': '/about', '/p/[id]/page': '/p/[id]', '/api/route': '/api', '/_not-found/page': '/_not-found' })
  expect(await ask(pagesCheck(), port, { files })).toMatchObject([{ is: 'pass', finding: '2 pages of web and their files answer' }])
})

test('pages fail for a script that is missing, naming the page that asks for it', async () => {
  const port = await serve((request, response) => (request.url === '/' ? response.end('<script src="/_next/gone.js"></script>') : response.writeHead(404).end()))
  expect(await ask(pagesCheck(), port, { files: await nextBuild({ '/page': '/' }) })).toMatchObject([{ is: 'fail', finding: 'web: /_next/gone.js (of /) answers 404' }])
})

test('pages fail for a page that answers 500', async () => {
  const port = await serve((_request, response) => response.writeHead(500).end())
  expect(await ask(pagesCheck(), port, { files: await nextBuild({ '/page': '/' }) })).toMatchObject([{ is: 'fail', finding: 'web: / answers 500' }])
})

test('pages of what is no Next.js app are skipped', async () => {
  expect(await ask(pagesCheck(), await closedPort(), { files: await temporary() })).toMatchObject([{ is: 'skipped' }])
})

test('a question that nobody answers ends after its time as a timeout', async () => {
  const port = await serve(() => undefined)
  expect(await probe.http({ address: { host: '127.0.0.1', port }, path: '/', timeoutMs: 50 }, never)).toEqual({ is: 'unreachable', reason: 'timeout' })
})

interface Given {
  readonly spec?: Partial<UnitSpec>
  readonly environment?: Record<string, string>
  readonly files?: string
  readonly reach?: CandidateUnit['reach']
}

function ask(check: Check, port: number, { spec = {}, environment = {}, files = '/nowhere', reach = async () => undefined }: Given = {}): Promise<readonly Verdict[]> {
  const candidate: Candidate = {
    units: [{
      unit: { name: unitNameSchema.parse('shop-web-r1'), service, release: releaseNumberSchema.parse(1) },
      spec: { service, kind: 'web', runtime: 'node', rootDir: '', maxShutdownDelayMs: 30_000, instances: 1, reaches: [], ...spec },
      addresses: [{ host: '127.0.0.1', port }], environment, files, reach,
    }],
  }
  return check.ask(candidate, never)
}
