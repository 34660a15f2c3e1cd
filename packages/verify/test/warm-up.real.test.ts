import { expect, test } from 'vitest'
import { serviceNameSchema, releaseNumberSchema, unitNameSchema, type UnitSpec } from '@plimsoll/model'
import type { CandidateUnit } from '@plimsoll/engine'
import { createWarmUp } from '../src/verify.ts'
import { closedPort, nextBuild, serve, temporary } from './candidate-world.ts'

const never = new AbortController().signal
const limits = { timesPerPath: 5, timesForHealth: 5, inFlight: 2, limitMs: 60_000, timeoutMs: 5_000 }

test('asks every page of a Next.js app the wanted number of times, and one of each route with a parameter that a page links to', async () => {
  const asked: string[] = []
  const port = await serve((request, response) => {
    asked.push(request.url ?? '')
    response.end('<a class="x" href="/p/7?from=home">7</a><a href="/p/8">8</a><a href="//elsewhere/p/9"></a><a href="/logout">out</a>')
  })
  const files = await nextBuild({ '/page': '/', '/about/page': '/about', '/p/[id]/page': '/p/[id]', '/logout/route': '/logout' }, [{ page: '/p/[id]', regex: '^/p/([^/]+?)(?:/)?$' }])
  const warmth = await createWarmUp(limits)(unit({ port, files }), never)
  expect(countOf(asked)).toEqual({ '/': 5, '/about': 5, '/p/7': 4 })
  expect(warmth).toMatchObject({ service: 'web', requests: 14 })
})

test('notes the paths that answered well, for whoever wants to ask again later', async () => {
  const port = await serve((request, response) => {
    response.statusCode = request.url === '/broken' ? 500 : 200
    response.end('<a href="/p/7">7</a>')
  })
  const files = await nextBuild({ '/page': '/', '/broken/page': '/broken', '/p/[id]/page': '/p/[id]' }, [{ page: '/p/[id]', regex: '^/p/([^/]+?)(?:/)?$' }])
  expect((await createWarmUp(limits)(unit({ port, files }), never))?.paths.toSorted()).toEqual(['/', '/p/7'])
})

test('says how long an answer took at first and at last', async () => {
  let answers = 0
  const port = await serve((_request, response) => void setTimeout(() => response.end(), (answers += 1) === 1 ? 120 : 0))
  const warmth = await createWarmUp({ ...limits, timesForHealth: 10, inFlight: 1 })(unit({ port, files: await temporary(), healthCheckPath: '/healthz' }), never)
  expect(warmth?.requests).toBe(10)
  expect(warmth?.firstMs).toBeGreaterThanOrEqual(119)
  expect(warmth?.lastMs).toBeLessThan(119)
})

test('never has more requests in flight than it may', async () => {
  let inFlight = 0
  let most = 0
  const port = await serve((_request, response) => {
    most = Math.max(most, (inFlight += 1))
    setTimeout(() => {
      inFlight -= 1
      response.end()
    }, 5)
  })
  await createWarmUp(limits)(unit({ port, files: await nextBuild({ '/page': '/', '/a/page': '/a', '/b/page': '/b' }) }), never)
  expect(most).toBe(2)
})

test('asks a service that is no Next.js app by its health path alone, and one without any not at all', async () => {
  const asked: string[] = []
  const port = await serve((request, response) => {
    asked.push(request.url ?? '')
    response.end('<a href="/delete">everything</a>')
  })
  const files = await temporary()
  await createWarmUp(limits)(unit({ port, files, healthCheckPath: '/healthz' }), never)
  expect(countOf(asked)).toEqual({ '/healthz': 5 })
  expect(await createWarmUp(limits)(unit({ port, files }), never)).toBeUndefined()
})

test('asks every instance', async () => {
  const asked: number[] = []
  const ports = await Promise.all([0, 1].map((which) => serve((_request, response) => {
    asked.push(which)
    response.end()
  })))
  await createWarmUp(limits)({ ...unit({ port: 0, files: await temporary(), healthCheckPath: '/' }), addresses: ports.map((port) => ({ host: '127.0.0.1', port })) }, never)
  expect(asked.toSorted()).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1])
})

test('asks a page that fails once, and leaves it to the checks', async () => {
  const asked: string[] = []
  const port = await serve((request, response) => {
    asked.push(request.url ?? '')
    response.writeHead(request.url === '/broken' ? 500 : 200).end()
  })
  expect(await createWarmUp(limits)(unit({ port, files: await nextBuild({ '/page': '/', '/broken/page': '/broken' }) }), never)).toMatchObject({ requests: 5 })
  expect(countOf(asked)).toEqual({ '/': 5, '/broken': 1 })
})

test('does not fail where nobody answers', async () => {
  expect(await createWarmUp(limits)(unit({ port: await closedPort(), files: await temporary(), healthCheckPath: '/' }), never)).toBeUndefined()
})

test('starts no request after its time', async () => {
  let answers = 0
  const port = await serve((_request, response) => void setTimeout(() => response.end(String((answers += 1))), 20))
  await createWarmUp({ ...limits, timesForHealth: 1000, inFlight: 1, limitMs: 100 })(unit({ port, files: await temporary(), healthCheckPath: '/' }), never)
  expect(answers).toBeLessThan(8)
})

test('ends at once with the reason of the signal', async () => {
  const interrupted = new AbortController()
  const port = await serve(() => interrupted.abort(new Error('stop')))
  await expect(createWarmUp(limits)(unit({ port, files: await temporary(), healthCheckPath: '/' }), interrupted.signal)).rejects.toThrow('stop')
})

function unit({ port, files, healthCheckPath }: { port: number; files: string; healthCheckPath?: string }): CandidateUnit {
  const service = serviceNameSchema.parse('web')
  const spec: UnitSpec = { service, kind: 'web', runtime: 'node', rootDir: '', maxShutdownDelayMs: 30_000, instances: 1, reaches: [], ...(healthCheckPath !== undefined && { healthCheckPath }) }
  const release = releaseNumberSchema.parse(1)
  return { unit: { name: unitNameSchema.parse('shop-web-r1'), service, release }, spec, files, environment: {}, reach: async () => undefined, addresses: [{ host: '127.0.0.1', port }] }
}

function countOf(asked: readonly string[]): Record<string, number> {
  return Object.fromEntries([...new Set(asked)].toSorted().map((path) => [path, asked.filter((each) => each === path).length]))
}
