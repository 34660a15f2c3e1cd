import { problemSchema, type Principal } from '@plimsoll/model'
import fastify from 'fastify'
import { expect, test } from 'vitest'
import { replyWith, sendProblems } from './problem-replies.ts'

async function askedBy(kind: Principal['kind'] | undefined, url: string): Promise<{ readonly status: number; readonly type: unknown; readonly problem: unknown }> {
  const api = fastify({ logger: false, frameworkErrors: replyWith, routerOptions: { maxParamLength: 10 } })
  api.decorateRequest('known', null)
  api.addHook('onRequest', async (request) => {
    if (kind !== undefined) request.known = { who: { kind } } as never
  })
  sendProblems(api)
  api.get('/broken/:name', () => {
    throw new TypeError('reads of undefined')
  })
  const { statusCode, headers, body } = await api.inject(url)
  return { status: statusCode, type: headers['content-type'], problem: problemSchema.parse(JSON.parse(body)) }
}

test('where our code broke is told to the owner of the machine, and kept from everybody else', async () => {
  expect(await askedBy('owner', '/broken/a')).toMatchObject({ status: 500, problem: { code: 'BUG', message: 'reads of undefined', details: { stack: expect.stringContaining('problem-replies.test.ts') as string } } })
  for (const kind of ['user', 'token', undefined] as const) expect(await askedBy(kind, '/broken/a')).toMatchObject({ status: 500, problem: { code: 'BUG', message: 'reads of undefined' } })
  for (const kind of ['user', 'token', undefined] as const) expect(JSON.stringify(await askedBy(kind, '/broken/a'))).not.toContain('.test.ts')
})

test('an address that cannot be one is refused as everything else is', async () => {
  for (const url of ['/broken/%', `/broken/${'a'.repeat(11)}`, '/nowhere']) expect(await askedBy(undefined, url)).toMatchObject({ status: expect.toSatisfy((status: number) => status >= 400 && status < 500) as number, type: expect.stringContaining('application/problem+json') as string })
})
