import { randomUUID } from 'node:crypto'
import { appNameSchema, contract, type Grant, type Route } from '@plimsoll/model'
import type { Store } from '@plimsoll/store'
import { withTestServer } from '@plimsoll/store/test-server'
import fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAttempts } from '../src/access/attempts.ts'
import { hashOf, prefixes } from '../src/access/secrets.ts'
import { knowWho } from '../src/access/who-asks.ts'
import { createAuditTrail } from '../src/http/audit-trail.ts'
import { guard } from '../src/http/guard.ts'
import { createRepeatedRequests } from '../src/http/repeated-requests.ts'
import { sendProblems } from '../src/http/problem-replies.ts'
import { serve } from '../src/http/serve.ts'

/** Written once more, and not read from the contract: what may be asked by whom is not to change by a slip. */
const wanted: Readonly<Record<keyof typeof contract, 'anybody' | 'known' | 'viewer' | 'releaser' | 'admin' | 'admin of all' | 'viewer of all'>> = {
  health: 'anybody', ready: 'anybody', signIn: 'anybody', enter: 'anybody', join: 'anybody', showInvitation: 'anybody', showProvider: 'anybody', leaveForProvider: 'anybody', comeFromProvider: 'anybody', receiveHook: 'anybody',
  signOut: 'known', whoAmI: 'known', changePassword: 'known', listTokens: 'known', createToken: 'known', describeSample: 'known', revokeToken: 'known', listApps: 'known',
  showApp: 'viewer', showHolds: 'viewer', listReleases: 'viewer', showRelease: 'viewer', watchRelease: 'viewer', describeRollback: 'viewer', logs: 'viewer', listValues: 'viewer',
  showSuccess: 'viewer', showTraffic: 'viewer', watchTraffic: 'viewer', listInstances: 'viewer', listVerifications: 'viewer', showVerification: 'viewer', showEvidence: 'viewer', showChanges: 'viewer', showEnvironment: 'viewer', showBuilds: 'viewer', listPreviews: 'viewer', showPreview: 'viewer', showPreviewSettings: 'viewer',
  rollBack: 'releaser', cutOff: 'releaser', interrupt: 'releaser', pause: 'releaser', resume: 'releaser', maintain: 'releaser',
  sendSource: 'releaser', startRelease: 'releaser', previewInPlace: 'releaser', promote: 'releaser', describePromotion: 'releaser', verify: 'releaser', createPreview: 'releaser', keepPreview: 'releaser', endPreview: 'releaser',
  buildImages: 'admin', setValues: 'admin', unsetValue: 'admin', takeDown: 'admin', showHook: 'admin', setHook: 'admin', removeHook: 'admin', listHookEvents: 'admin', setPreviewSettings: 'admin',
  metrics: 'viewer of all',
  showSecrets: 'admin of all', rotateSecrets: 'admin of all', startSecretsOver: 'admin of all',
  stopPlimsoll: 'admin of all', releaseSample: 'admin of all', makeLink: 'admin of all', listUsers: 'admin of all', inviteUser: 'admin of all', changeUser: 'admin of all', removeUser: 'admin of all', listAudit: 'admin of all',
  listChannels: 'admin of all', addChannel: 'admin of all', changeChannel: 'admin of all', removeChannel: 'admin of all', testChannel: 'admin of all', listDeliveries: 'admin of all',
}

const homeToken = 'the token of the home, which is long enough'
const clock = { now: () => Date.parse('2026-11-27T12:00:00.000Z'), sleep: () => Promise.reject(new Error('nobody sleeps here')) }
const [past, future] = ['2026-11-27T11:59:59.000Z', '2026-12-01T00:00:00.000Z']
const shop = appNameSchema.parse('shop')
const of = (app: Grant['app'], role: Grant['role']): Grant[] => [{ app, role }]

/** Who asks → what they send, what they may do in \`shop\`, and in Plimsoll itself. */
type Level = 0 | 1 | 2 | 3
interface Asker {
  readonly known: boolean
  readonly inShop: Level
  readonly inAll: Level
}
const askers: Readonly<Record<string, Asker>> = {
  'nobody': { known: false, inShop: 0, inAll: 0 },
  'a wrong token': { known: false, inShop: 0, inAll: 0 },
  'a session that is over': { known: false, inShop: 0, inAll: 0 },
  'a token that is over': { known: false, inShop: 0, inAll: 0 },
  'a token of somebody who was removed': { known: false, inShop: 0, inAll: 0 },
  'the owner by the file': { known: true, inShop: 3, inAll: 3 },
  'the owner by a link': { known: true, inShop: 3, inAll: 3 },
  'a user without any role': { known: true, inShop: 0, inAll: 0 },
  'a viewer of shop': { known: true, inShop: 1, inAll: 0 },
  'a releaser of shop': { known: true, inShop: 2, inAll: 0 },
  'an admin of shop': { known: true, inShop: 3, inAll: 0 },
  'an admin of another app': { known: true, inShop: 0, inAll: 0 },
  'a viewer of all': { known: true, inShop: 1, inAll: 1 },
  'a releaser of all': { known: true, inShop: 2, inAll: 2 },
  'an admin of all': { known: true, inShop: 3, inAll: 3 },
  'a token to read, of an admin': { known: true, inShop: 1, inAll: 1 },
  'a token to release, of an admin': { known: true, inShop: 2, inAll: 2 },
  'a token for another app, of an admin': { known: true, inShop: 0, inAll: 0 },
  'an admin token of a viewer of shop': { known: true, inShop: 1, inAll: 0 },
}
const needed: Readonly<Record<string, Level>> = { viewer: 1, releaser: 2, admin: 3 }

const server = withTestServer({ beforeAll, afterAll })
let store: Store
let api: FastifyInstance
const sent: Record<string, string> = {}

beforeAll(async () => {
  store = await server.openStore()
  api = fastify({ genReqId: () => randomUUID() })
  const trail = createAuditTrail({ store, clock })
  api.decorate('trail', trail)
  api.decorate('repeated', createRepeatedRequests({ store, clock, absence: clock }))
  sendProblems(api)
  guard(api, { from: 'everywhere', knowWho: knowWho({ store, clock }, homeToken), attempts: { ...createAttempts({ store, clock }), note: async () => undefined }, trail })
  for (const route of Object.values(contract)) serve(api, { ...(route as Route), noted: () => ({}) }, async () => ({ ok: true }))
  await everybody()
})
afterAll(async () => {
  await api.close()
  await store.close()
})

async function everybody(): Promise<void> {
  const user = async (name: string, grants: Grant[]): Promise<string> => {
    await store.users.add({ id: name, name, passwordHash: 'none', grants, at: past })
    return name
  }
  const session = async (asker: string, userId: string | null, endsAt: string = future): Promise<void> => {
    const token = `${prefixes.session}${randomUUID()}`
    await store.sessions.begin({ hash: hashOf(token), userId, at: past, endsAt })
    sent[asker] = token
  }
  const token = async (asker: string, made: { readonly userId: string; readonly grants: Grant[]; readonly endsAt?: string }): Promise<void> => {
    const text = `${prefixes.token}${randomUUID()}`
    await store.tokens.add({ id: randomUUID(), hash: hashOf(text), name: asker, endsAt: future, at: past, ...made })
    sent[asker] = text
  }
  const someAdmin = await user('some admin', of('*', 'admin'))
  Object.assign(sent, { 'a wrong token': 'wrong', 'the owner by the file': homeToken })
  await session('the owner by a link', null)
  await session('a user without any role', await user('roleless', []))
  for (const role of ['viewer', 'releaser', 'admin'] as const) {
    const article = role === 'admin' ? 'an' : 'a'
    await session(`${article} ${role} of shop`, await user(`${role} of shop`, of(shop, role)))
    await session(`${article} ${role} of all`, await user(`${role} of all`, of('*', role)))
  }
  await session('an admin of another app', await user('admin of blog', of(appNameSchema.parse('blog'), 'admin')))
  await token('a token to read, of an admin', { userId: someAdmin, grants: of('*', 'viewer') })
  await token('a token to release, of an admin', { userId: someAdmin, grants: of('*', 'releaser') })
  await token('a token for another app, of an admin', { userId: someAdmin, grants: of(appNameSchema.parse('blog'), 'admin') })
  await token('an admin token of a viewer of shop', { userId: 'viewer of shop', grants: of('*', 'admin') })
  await token('a token that is over', { userId: someAdmin, grants: of('*', 'admin'), endsAt: past })
  await token('a token of somebody who was removed', { userId: await user('removed', of('*', 'admin')), grants: of('*', 'admin') })
  await store.users.remove('removed')
  // Beginning another session sweeps those that are over, and so this one comes last.
  await session('a session that is over', someAdmin, past)
}

/** What is answered to somebody who may not, or \`in\`. */
function expected(needs: string, { known, inShop, inAll }: Asker, isAboutApp: boolean): number | 'in' {
  if (needs === 'anybody') return 'in'
  if (!known) return 401
  if (needs === 'known') return 'in'
  const has = isAboutApp ? inShop : inAll
  if (has >= (needed[needs.split(' ')[0] ?? ''] ?? 3)) return 'in'
  return isAboutApp && has === 0 ? 404 : 403
}

describe.each(Object.keys(askers))('%s', (asker) => {
  test.each(Object.entries(contract))('and %s', async (name, { method, path }) => {
    const url = path.replaceAll(/:(\w+)/g, (_, parameter: string) => (parameter === 'app' ? 'shop' : '1'))
    const authorization = sent[asker] === undefined ? {} : { authorization: `Bearer ${sent[asker]}` }
    const { statusCode } = await api.inject({ method, url, headers: authorization, ...(method !== 'GET' && method !== 'DELETE' && { payload: {} }) })
    const got = [401, 403, 404].includes(statusCode) ? statusCode : 'in'
    expect(got).toBe(expected(wanted[name as keyof typeof contract], askers[asker] ?? { known: false, inShop: 0, inAll: 0 }, path.includes(':app')))
  })
})

test('whoever may not is in the audit log, by name', async () => {
  const { entries } = await store.auditLog.page({ before: undefined, app: 'shop', limit: 500 })
  expect(entries).toContainEqual(expect.objectContaining({ action: 'rollBack', outcome: 'refused', code: 'FORBIDDEN', who: { kind: 'user', id: 'viewer of shop', name: 'viewer of shop' } }))
})
