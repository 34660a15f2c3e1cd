import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { contract, type Route } from '@plimsoll/model'
import { withTestServer } from '@plimsoll/store/test-server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { blueprintOf, startApiUnderTest, token, type ApiUnderTest } from './api-under-test.ts'

const server = withTestServer({ beforeAll, afterAll })
let api: ApiUnderTest
beforeAll(async () => {
  api = await startApiUnderTest(await server.openStore())
  await api.write(blueprintOf('1'))
})
afterAll(() => api.close())

/** What stands in an address where a name or an id is expected. */
const hostile = ['%00', '..%2F..%2Fetc%2Fpasswd', '%1B%5B2J%1B%5D0%3Bowned%07', '%3Cscript%3Ealert(1)%3C%2Fscript%3E', '%25', '%E2%80%AE', `${'9'.repeat(400)}`, '-1', '0', '1e9', "'%3B drop table plimsoll.users--", '__proto__', '%F0%9F%9A%A2']
const routes = Object.entries<Route>(contract as unknown as Record<string, Route>).filter(([, { upload, path }]) => upload === undefined && path !== contract.stopPlimsoll.path)

interface Answer {
  readonly status: number
  readonly type: string
  readonly text: string
}

async function ask(method: string, url: string, more: { readonly body?: string; readonly headers?: Readonly<Record<string, string>> } = {}): Promise<Answer> {
  const answer = await fetch(`${api.url}${url}`, { method, headers: { authorization: `Bearer ${token}`, ...(more.body !== undefined && { 'content-type': 'application/json' }), ...more.headers }, ...(more.body !== undefined && { body: more.body }), signal: AbortSignal.timeout(30_000) })
  // A stream that is answered at all is answered well.
  if (answer.headers.get('content-type')?.startsWith('text/event-stream') === true) return answer.body?.cancel().then(() => ({ status: answer.status, type: 'text/event-stream', text: '' })) ?? { status: 0, type: '', text: '' }
  return { status: answer.status, type: answer.headers.get('content-type') ?? '', text: await answer.text() }
}

/** No failure of ours, and said as a problem that no terminal and no page can be hurt by. */
function expectHarmless({ status, type, text: said }: Answer, what: string): void {
  expect(status, `${what}: ${said}`).toBeLessThan(500)
  if (status < 400) return
  expect(type, what).toContain('application/problem+json')
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  expect(said, what).not.toMatch(/[\u0000-\u001F]/)
  expect(Object.keys(JSON.parse(said) as object), what).toEqual(expect.arrayContaining(['code', 'message']))
}

const filled = (path: string, value: string): string => path.replaceAll(/:(\w+)/g, value)

describe.each(routes)('%s', (_, { method, path, query }) => {
  test('takes no harm from what it is asked with', async () => {
    const body = method === 'GET' || method === 'DELETE' ? undefined : '{}'
    const inPath = path.includes(':') ? hostile : []
    for (const value of inPath) expectHarmless(await ask(method, filled(path, value), body === undefined ? {} : { body }), `${path} with ${value}`)
    for (const value of path.includes(':app') ? hostile : []) expectHarmless(await ask(method, filled(path.replace(':app', 'shop'), value), body === undefined ? {} : { body }), `${path} of shop with ${value}`)
    const names = Object.keys((query as { shape?: object }).shape ?? {})
    for (const name of names) for (const value of hostile) expectHarmless(await ask(method, `${filled(path, 'shop')}?${name}=${value}`), `${path}?${name}=${value}`)
  })
})

describe.each(routes.filter(([, { method }]) => method !== 'GET' && method !== 'DELETE'))('%s', (_, { method, path }) => {
  test('takes no harm from a body that it does not understand', async () => {
    const url = filled(path, 'shop')
    for (const body of ['{', '[]', 'null', '"text"', '{"__proto__":{"admin":true},"app":"\\u0000"}', '[[[[[[[[{}]]]]]]]]', '{"values":{"a/B":1e999}}', `{"name":"${'x'.repeat(5_000)}"}`]) expectHarmless(await ask(method, url, { body }), `${url} ${body.slice(0, 40)}`)
    expectHarmless(await ask(method, url, { body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } }), `${url} as a form`)
  })
})

test('a body that is too large is refused before it is read', async () => {
  const asked = request(`${api.url}/v1/apps/shop/values`, { method: 'PUT', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'content-length': 2_000_000 } })
  asked.on('error', () => undefined) // It is cut off in the middle of its body.
  asked.flushHeaders()
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  expect(JSON.parse(await text(answer))).toMatchObject({ code: 'USAGE', message: expect.stringContaining('too large') as string })
  asked.destroy()
})

test('a value of a service with a strange name is forgotten by the very name under which it was kept', async () => {
  const params = { app: 'shop' }
  for (const key of ['50% off/KEY', '%2F/KEY', '<b>/KEY', 'a?b#c/KEY']) {
    await api.client.call(contract.setValues, { params, body: { values: { [key]: 'a value' } } })
    expect(await api.client.call(contract.unsetValue, { params: { ...params, key } })).toEqual([])
  }
})
