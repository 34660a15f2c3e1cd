import fastify from 'fastify'
import { expect, test } from 'vitest'
import { guard, type Guarding } from './guard.ts'
import { sendProblems } from './problem-replies.ts'

const ask = async (from: Guarding['from'], headers: Record<string, string>) => {
  const api = fastify()
  sendProblems(api)
  guard(api, { token: 'right', from })
  api.get('/', async () => 'in')
  try {
    return (await api.inject({ url: '/', headers })).statusCode
  } finally {
    await api.close()
  }
}

test.each(['this machine', 'everywhere'] as const)('from %s nobody is let in without the token', async (from) => {
  expect(await ask(from, { host: 'localhost:1' })).toBe(401)
  expect(await ask(from, { host: 'localhost:1', authorization: 'Bearer wrong' })).toBe(401)
  expect(await ask(from, { host: 'localhost:1', authorization: 'Bearer right' })).toBe(200)
})

test('a name that is not this machine\'s own is answered to only where the API is for others too', async () => {
  const headers = { host: 'api-x1:10000', authorization: 'Bearer right' }
  expect(await ask('this machine', headers)).toBe(401)
  expect(await ask('everywhere', headers)).toBe(200)
})
