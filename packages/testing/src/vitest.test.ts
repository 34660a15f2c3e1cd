import { createServer, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test as base } from 'vitest'
import type { SignIn } from './config-schema.ts'
import { plimsoll } from './vitest.ts'
import { readWorkerConfig } from './worker-config.ts'

const seen: string[] = []
const server = createServer((request, response) => {
  void answer(request).then(({ status, headers = {}, body }) => response.writeHead(status, headers).end(body))
})

async function answer(request: IncomingMessage): Promise<{ readonly status: number; readonly headers?: Record<string, string | string[]>; readonly body: string }> {
  const body = await text(request)
  seen.push(`${request.method ?? ''} ${request.url ?? ''} ${request.headers.cookie ?? request.headers.authorization ?? ''} ${body}`.trimEnd())
  if (request.url === '/sessions') return body.includes('wrong') ? { status: 401, body: 'unknown' } : { status: 303, headers: { 'set-cookie': ['sid=1; HttpOnly', 'theme=dark'], location: '/' }, body: '' }
  return { status: 200, body: JSON.stringify({ session: { token: 't0' } }) }
}

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const pool = Number(process.env['VITEST_POOL_ID'])
  Object.assign(process.env, { PLIMSOLL_API_URL: `http://127.0.0.1:${port}/`, PLIMSOLL_MAIN_DATABASE_URLS: JSON.stringify(Array.from({ length: pool }, (_, index) => `postgresql://h/main_${index + 1}`)) })
})
afterAll(() => {
  server.close().closeAllConnections()
})

const session: SignIn = { service: 'api', path: '/sessions', fields: { from: 'test' } }
const test = base.extend(plimsoll({ service: 'api', database: 'main', signIn: session }))

describe('a test of the repository’s own', () => {
  test('has the database of its worker', ({ db }) => {
    expect(db.url).toBe(`postgresql://h/main_${process.env['VITEST_POOL_ID'] ?? ''}`)
  })

  test('asks a service by its path, and sends JSON', async ({ api }) => {
    expect(await (await api('/orders', { json: { id: 1 }, headers: { authorization: 'Basic x' } })).json()).toEqual({ session: { token: 't0' } })
    await api('/orders', { method: 'PUT', json: { id: 2 } })
    expect(seen.splice(0)).toEqual(['POST /orders Basic x {"id":1}', 'PUT /orders  {"id":2}'])
  })

  test('is known by the cookies that it got, and its own fields go before those of the recipe', async ({ signIn }) => {
    const ada = await signIn({ email: 'ada@example.org', from: 'ada' })
    await ada('/me')
    expect(seen.splice(0)).toEqual(['POST /sessions  {"from":"ada","email":"ada@example.org"}', 'GET /me sid=1; theme=dark'])
  })

  test('that is refused says with what', async ({ signIn }) => {
    await expect(signIn({ password: 'wrong' })).rejects.toThrow('Signing in at /sessions was answered with 401: unknown')
  })
})

describe('a test that is known by a token', () => {
  const byToken = base.extend(plimsoll({ signIn: { ...session, path: '/token', token: 'session.token' } }))
  const astray = base.extend(plimsoll({ signIn: { ...session, path: '/token', token: 'token' } }))

  byToken('sends it along', async ({ signIn }) => {
    seen.splice(0)
    await (await signIn({}))('/me')
    expect(seen.splice(0)).toEqual(['POST /token  {"from":"test"}', 'GET /me Bearer t0'])
  })

  astray('says so when it is not where the recipe says', async ({ signIn }) => {
    await expect(signIn({})).rejects.toThrow('Signing in at /token gave no text at token')
  })
})

describe('what a worker is told', () => {
  test('is taken from plain variables when a suite runs alone', () => {
    const alone = readWorkerConfig({ PLIMSOLL_SHOP_API_INNER_URL: 'http://localhost:4000', PLIMSOLL_MAIN_DATABASE_URL: 'postgresql://localhost/main', VITEST_POOL_ID: '4' })
    expect([alone.url('shop-api'), alone.database('main'), alone.browser, alone.signIn]).toEqual(['http://localhost:4000', 'postgresql://localhost/main', undefined, undefined])
  })

  test('names the variable to set when it is missing', () => {
    expect(() => readWorkerConfig({}).url('shop-api')).toThrow('PLIMSOLL_SHOP_API_URL=http://')
    expect(() => readWorkerConfig({ PLIMSOLL_MAIN_DATABASE_URL: '' }).database('main')).toThrow('PLIMSOLL_MAIN_DATABASE_URL=postgresql://')
  })

  test('never gives two workers one database', () => {
    const two = '["a","b"]'
    expect(readWorkerConfig({ PLIMSOLL_MAIN_DATABASE_URLS: two, VITEST_POOL_ID: '2' }).database('main')).toBe('b')
    expect(readWorkerConfig({ PLIMSOLL_MAIN_DATABASE_URLS: two, TEST_PARALLEL_INDEX: '1' }).database('main')).toBe('b')
    expect(() => readWorkerConfig({ PLIMSOLL_MAIN_DATABASE_URLS: two, VITEST_POOL_ID: '3' }).database('main')).toThrow('Worker 3 has no database of its own: 2 were made')
  })

  test('is refused when it is no such thing', () => {
    expect(() => readWorkerConfig({ PLIMSOLL_SIGN_IN: '{"path":"/x"}' })).toThrow('PLIMSOLL_SIGN_IN: service')
    expect(() => readWorkerConfig({ PLIMSOLL_MAIN_DATABASE_URLS: '{}' }).database('main')).toThrow('PLIMSOLL_MAIN_DATABASE_URLS is no JSON array')
  })
})
