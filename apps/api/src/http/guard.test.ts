import { contract, type Grant } from '@plimsoll/model'
import fastify from 'fastify'
import type { Store } from '@plimsoll/store'
import { expect, test } from 'vitest'
import { createAttempts } from '../access/attempts.ts'
import { systemClock } from '../system-clock.ts'
import type { KnowWho } from '../access/who-asks.ts'
import type { AuditTrail } from './audit-trail.ts'
import { guard, type Guarding } from './guard.ts'
import { sendProblems } from './problem-replies.ts'
import { serve } from './serve.ts'

const nothing: AuditTrail = { allowed: async () => undefined, came: async () => undefined, refused: async () => undefined, failed: async () => undefined }
const admin: Grant = { app: '*', role: 'admin' }
const knowRight: KnowWho = async (authorization) => (authorization === 'Bearer right' ? { session: undefined, who: { kind: 'owner', id: 'owner', name: 'owner', grants: [admin], userId: null } } : undefined)

/** Counts for as long as one API lives. */
function counts(): Store['attempts'] {
  const points = new Map<string, number>()
  const endsAt = new Date(Date.now() + 60_000).toISOString()
  return {
    async add({ key, points: more }) {
      points.set(key, (points.get(key) ?? 0) + more)
      return { points: points.get(key) ?? 0, endsAt }
    },
    async find(key) {
      const counted = points.get(key)
      return counted === undefined ? undefined : { points: counted, endsAt }
    },
    forget: async (key) => points.delete(key),
  }
}

const apiFrom = (from: Guarding['from']) => {
  const api = fastify()
  api.decorate('trail', nothing)
  sendProblems(api)
  guard(api, { from, knowWho: knowRight, attempts: createAttempts({ store: { attempts: counts() }, clock: systemClock }), trail: nothing })
  serve(api, contract.whoAmI, async ({ known }) => known().who)
  serve(api, contract.enter, async () => Promise.reject(new Error('nobody has a link')))
  api.get('/unheard-of', async () => 'in')
  return api
}
const ask = async (from: Guarding['from'], headers: Record<string, string>, url = '/v1/me') => {
  const api = apiFrom(from)
  try {
    return (await api.inject({ url, headers })).statusCode
  } finally {
    await api.close()
  }
}

test.each(['this machine', 'everywhere'] as const)('from %s nobody is let in without a token', async (from) => {
  expect(await ask(from, { host: 'localhost:1' })).toBe(401)
  expect(await ask(from, { host: 'localhost:1', authorization: 'Bearer wrong' })).toBe(401)
  expect(await ask(from, { host: 'localhost:1', authorization: 'Bearer right' })).toBe(200)
})

test('a name that is not this machine\'s own is answered to only where the API is for others too', async () => {
  const headers = { host: 'api-x1:10000', authorization: 'Bearer right' }
  expect(await ask('this machine', headers)).toBe(401)
  expect(await ask('everywhere', headers)).toBe(200)
})

test('what is not in the contract, or not there at all, is for nobody who is not known', async () => {
  for (const url of ['/unheard-of', '/nothing']) expect(await ask('everywhere', {}, url)).toBe(401)
})

test('who may try without proof may not try without end', async () => {
  const api = apiFrom('everywhere')
  const statuses: number[] = []
  for (let tries = 0; tries < 32; tries += 1) statuses.push((await api.inject({ method: 'POST', url: '/v1/sessions/by-link', payload: { code: 'x' } })).statusCode)
  expect(statuses.slice(0, 30).every((status) => status === 500)).toBe(true)
  expect(statuses.slice(30)).toEqual([429, 429])
  await api.close()
})
