import { appNameSchema, contract, isPlimsollError, type Session } from '@plimsoll/model'
import { createClient, type Client } from '@plimsoll/client'
import { withTestServer } from '@plimsoll/store/test-server'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createAttempts } from '../src/access/attempts.ts'
import { startApiUnderTest, token as homeToken, type ApiUnderTest } from './api-under-test.ts'

const server = withTestServer({ beforeAll, afterAll })
const shop = appNameSchema.parse('shop')
const password = 'a long enough password'
let api: ApiUnderTest

const codeOf = (asked: Promise<unknown>): Promise<unknown> => asked.then(() => 'answered', (error: unknown) => (isPlimsollError(error) ? error.code : error))
const as = (token: string): Client => createClient({ baseUrl: api.url, token })

/** Somebody who was invited, and came. */
async function joined(name: string, role: 'viewer' | 'releaser' | 'admin' = 'viewer', app: typeof shop | '*' = shop): Promise<Session> {
  const { code } = await api.client.call(contract.inviteUser, { body: { name, grants: [{ app, role }] } })
  return api.client.call(contract.join, { body: { code, password } })
}

beforeEach(async () => {
  api = await startApiUnderTest(await server.openStore())
})
afterEach(() => api.close())

describe('the owner of the machine', () => {
  test('comes in by a link, once', async () => {
    const { code } = await api.client.call(contract.makeLink, {})
    const { token, who } = await api.client.call(contract.enter, { body: { code } })
    expect(who).toMatchObject({ kind: 'owner', grants: [{ app: '*', role: 'admin' }] })
    expect(await as(token).call(contract.whoAmI, {})).toEqual(who)
    expect(await codeOf(api.client.call(contract.enter, { body: { code } }))).toBe('UNAUTHORIZED')
    await as(token).call(contract.signOut, {})
    expect(await codeOf(as(token).call(contract.whoAmI, {}))).toBe('UNAUTHORIZED')
  })

  test('is not got by an invitation, nor an invitation by such a link', async () => {
    const { code: invitation } = await api.client.call(contract.inviteUser, { body: { name: 'Ada', grants: [{ app: '*', role: 'admin' }] } })
    const { code: link } = await api.client.call(contract.makeLink, {})
    expect(await codeOf(api.client.call(contract.enter, { body: { code: invitation } }))).toBe('UNAUTHORIZED')
    expect(await codeOf(api.client.call(contract.join, { body: { code: link, password } }))).toBe('UNAUTHORIZED')
    expect(await api.client.call(contract.showInvitation, { body: { code: invitation } })).toEqual({ name: 'Ada' })
  })

  test('comes too late after a day', async () => {
    const { code } = await api.client.call(contract.makeLink, {})
    await api.services.clock.sleep(24 * 60 * 60_000 + 1, new AbortController().signal)
    expect(await codeOf(api.client.call(contract.enter, { body: { code } }))).toBe('UNAUTHORIZED')
  })
})

describe('a user', () => {
  test('chooses a password by an invitation, and signs in with it, whatever the capitals of the name', async () => {
    await joined('Ada Lovelace')
    const { who } = await api.client.call(contract.signIn, { body: { name: 'ada lovelace', password } })
    expect(who).toMatchObject({ kind: 'user', name: 'Ada Lovelace', grants: [{ app: 'shop', role: 'viewer' }] })
    expect((await api.client.call(contract.listUsers, {})).users).toMatchObject([{ name: 'Ada Lovelace', seenAt: expect.any(String) }])
  })

  test('is not told which of the two was wrong, and locked out after ten wrong passwords, the right one too', async () => {
    await joined('Ada')
    const tries = async (name: string, given: string) => api.client.call(contract.signIn, { body: { name, password: given } }).then(() => 'in', (error: unknown) => (isPlimsollError(error) ? error.message : error))
    expect(await tries('Ada', 'wrong')).toBe(await tries('Nobody', 'wrong'))
    for (let wrong = 1; wrong < 10; wrong += 1) await tries('Ada', 'wrong')
    expect(await tries('Ada', password)).toMatch(/too many attempts; the next one counts in 15 min/)
    expect(await tries('Nobody', 'wrong')).toMatch(/name or the password is wrong/)
    // Another Plimsoll on the same state has counted with it, and so has the next one that starts.
    const elsewhere = createAttempts(api.services)
    expect(await codeOf(elsewhere.admit('ADA'))).toBe('TOO_MANY_ATTEMPTS')
    expect(await codeOf(elsewhere.admit('Eve'))).toBe('answered')
  })

  test('sees the apps that they have a role in, and no other', async () => {
    await api.store.apps.put({ name: shop, root: '/srv', place: 'process', blueprint: 'render.yaml', entries: {}, createdAt: new Date().toISOString() })
    const [one, other] = [await joined('Ada'), await joined('Eve', 'admin', appNameSchema.parse('blog'))]
    expect((await as(one.token).call(contract.listApps, {})).map(({ name }) => name)).toEqual(['shop'])
    expect(await as(other.token).call(contract.listApps, {})).toEqual([])
    expect(await codeOf(as(other.token).call(contract.showApp, { params: { app: 'shop' } }))).toBe('NOT_FOUND')
  })

  test('ends at once when removed, with sessions and tokens', async () => {
    const { token, who } = await joined('Ada', 'releaser')
    const made = await as(token).call(contract.createToken, { body: { name: 'ci', scope: 'releaser', apps: [shop], days: 7 } })
    expect(await codeOf(as(made.token).call(contract.whoAmI, {}))).toBe('answered')
    await api.client.call(contract.removeUser, { params: { user: who.id } })
    expect([await codeOf(as(token).call(contract.whoAmI, {})), await codeOf(as(made.token).call(contract.whoAmI, {}))]).toEqual(['UNAUTHORIZED', 'UNAUTHORIZED'])
  })

  test('who is invited again chooses a new password, keeps what they may do, and every session of before ends', async () => {
    const before = await joined('Ada', 'releaser')
    const { code } = await api.client.call(contract.inviteUser, { body: { name: 'ADA', grants: [{ app: '*', role: 'admin' }] } })
    const again = await api.client.call(contract.join, { body: { code, password: 'another long password' } })
    expect(again.who).toMatchObject({ id: before.who.id, grants: [{ app: 'shop', role: 'releaser' }] })
    expect(await codeOf(as(before.token).call(contract.whoAmI, {}))).toBe('UNAUTHORIZED')
    expect(await codeOf(api.client.call(contract.signIn, { body: { name: 'Ada', password } }))).toBe('UNAUTHORIZED')
  })

  test('changes the password with the current one, and stays where they are; other sessions end', async () => {
    const here = await joined('Ada')
    const there = await api.client.call(contract.signIn, { body: { name: 'Ada', password } })
    const change = (current: string) => codeOf(as(here.token).call(contract.changePassword, { body: { current, next: 'yet another password' } }))
    expect([await change('wrong'), await change(password)]).toEqual(['FORBIDDEN', 'answered'])
    expect([await codeOf(as(here.token).call(contract.whoAmI, {})), await codeOf(as(there.token).call(contract.whoAmI, {}))]).toEqual(['answered', 'UNAUTHORIZED'])
  })

  test('is changed only by whoever has seen how they stand', async () => {
    const { who } = await joined('Ada')
    const change = (version: number) => api.client.call(contract.changeUser, { params: { user: who.id }, body: { grants: [{ app: '*', role: 'releaser' }], version } })
    expect(await change(1)).toMatchObject({ version: 2, grants: [{ app: '*', role: 'releaser' }] })
    expect(await codeOf(change(1))).toBe('CHANGED_MEANWHILE')
  })

  test('is signed out after a day without a question, and after a week in any case', async () => {
    const never = new AbortController().signal
    const hour = 60 * 60_000
    const { token } = await joined('Ada')
    for (let passed = 0; passed < 7 * 24; passed += 23) {
      expect(await codeOf(as(token).call(contract.whoAmI, {})), `after ${passed} h`).toBe('answered')
      await api.services.clock.sleep(23 * hour, never)
    }
    expect(await codeOf(as(token).call(contract.whoAmI, {}))).toBe('UNAUTHORIZED')
    const { token: idle } = await api.client.call(contract.signIn, { body: { name: 'Ada', password } })
    await api.services.clock.sleep(24 * hour + 1, never)
    expect(await codeOf(as(idle).call(contract.whoAmI, {}))).toBe('UNAUTHORIZED')
  })
})

describe('a token', () => {
  test('is told once, and does no more than its maker may, also when that changes', async () => {
    const { token, who } = await joined('Ada', 'admin')
    const make = (scope: 'viewer' | 'admin', apps?: (typeof shop)[]) => as(token).call(contract.createToken, { body: { name: 'ci', scope, days: 7, ...(apps !== undefined && { apps }) } })
    expect(await codeOf(make('viewer'))).toBe('FORBIDDEN')
    const made = await make('admin', [shop])
    expect(JSON.stringify(await as(token).call(contract.listTokens, {}))).not.toContain(made.token)
    expect(await as(made.token).call(contract.whoAmI, {})).toMatchObject({ kind: 'token', grants: [{ app: 'shop', role: 'admin' }] })
    await api.client.call(contract.changeUser, { params: { user: who.id }, body: { grants: [{ app: shop, role: 'viewer' }], version: 1 } })
    expect(await as(made.token).call(contract.whoAmI, {})).toMatchObject({ grants: [{ app: 'shop', role: 'viewer' }] })
  })

  test('makes no other token and ends none but itself', async () => {
    const made = await api.client.call(contract.createToken, { body: { name: 'ci', scope: 'admin', days: 7 } })
    const other = await api.client.call(contract.createToken, { body: { name: 'other', scope: 'viewer', days: 7 } })
    expect(await codeOf(as(made.token).call(contract.createToken, { body: { name: 'more', scope: 'viewer', days: 7 } }))).toBe('FORBIDDEN')
    expect(await codeOf(as(made.token).call(contract.revokeToken, { params: { token: other.id } }))).toBe('FORBIDDEN')
    await as(made.token).call(contract.revokeToken, { params: { token: made.id } })
    expect(await codeOf(as(made.token).call(contract.whoAmI, {}))).toBe('UNAUTHORIZED')
  })

  test('of another is not there for anybody but an admin', async () => {
    const [ada, eve] = [await joined('Ada', 'admin'), await joined('Eve', 'admin')]
    const made = await as(ada.token).call(contract.createToken, { body: { name: 'ci', scope: 'viewer', apps: [shop], days: 7 } })
    expect(await as(eve.token).call(contract.listTokens, {})).toEqual([])
    expect(await codeOf(as(eve.token).call(contract.revokeToken, { params: { token: made.id } }))).toBe('NOT_FOUND')
    expect(await api.client.call(contract.listTokens, {})).toMatchObject([{ name: 'ci', by: 'Ada' }])
  })
})

describe('the audit log', () => {
  test('has every change, who asked for it and what became of it, without a secret', async () => {
    const { token } = await joined('Ada', 'admin', '*')
    await as(token).call(contract.setValues, { params: { app: 'nowhere' }, body: { values: { 'api/KEY': 'a secret value' } } })
    await codeOf(as(token).call(contract.rollBack, { params: { app: 'nowhere' }, body: { to: 3 } }))
    await codeOf(api.client.call(contract.signIn, { body: { name: 'Ada', password: 'wrong password' } }))
    const { entries } = await api.client.call(contract.listAudit, {})
    expect(entries.map(({ action, outcome, code, who }) => [action, outcome, code, who.name])).toEqual([
      ['signIn', 'failed', 'UNAUTHORIZED', ''], ['signIn', 'allowed', null, ''], ['rollBack', 'failed', 'NOT_FOUND', 'Ada'], ['rollBack', 'allowed', null, 'Ada'],
      ['setValues', 'allowed', null, 'Ada'],
      ['join', 'allowed', null, ''], ['inviteUser', 'allowed', null, 'owner'],
    ])
    expect(entries[3]).toMatchObject({ app: 'nowhere', details: { to: 3 }, request: entries[2]?.request })
    expect(entries[4]).toMatchObject({ app: 'nowhere', details: { keys: ['api/KEY'] } })
    for (const secret of ['a secret value', password, 'wrong password', token]) expect(JSON.stringify(entries)).not.toContain(secret)
  })

  test('is read from the newest on, page by page, and of one app', async () => {
    for (const name of ['A', 'B', 'C']) await api.client.call(contract.inviteUser, { body: { name, grants: [{ app: shop, role: 'viewer' }] } })
    await codeOf(api.client.call(contract.takeDown, { params: { app: 'shop' }, body: { destroyData: false } }))
    const names = (entries: readonly { readonly details: Readonly<Record<string, unknown>> }[]) => entries.map(({ details }) => details['name'])
    const first = await api.client.call(contract.listAudit, { query: { limit: 3 } })
    expect([names(first.entries), first.next]).toEqual([[undefined, undefined, 'C'], first.entries[2]?.id])
    const second = await api.client.call(contract.listAudit, { query: { limit: 3, before: first.next ?? 0 } })
    expect([names(second.entries), second.next]).toEqual([['B', 'A'], null])
    expect((await api.client.call(contract.listAudit, { query: { app: 'shop' } })).entries.map(({ action }) => action)).toEqual(['takeDown', 'takeDown'])
  })
})

test('all of the contract is served', async () => {
  for (const [name, { method, path }] of Object.entries(contract)) {
    const answer = await fetch(`${api.url}${path.replaceAll(/:\w+/g, '1')}`, { method, headers: { authorization: `Bearer ${homeToken}`, ...(method !== 'GET' && { 'content-type': 'application/json' }) }, ...(method !== 'GET' && method !== 'DELETE' && { body: '{}' }) })
    expect(await answer.text(), name).not.toContain('There is nothing at')
  }
})

test('whoever reads the documentation needs not be known', async () => {
  const page = await fetch(`${api.url}/documentation/`)
  expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')])
  expect(await (await fetch(`${api.url}/documentation/json`)).json()).toMatchObject({ openapi: '3.1.0', paths: { '/v1/apps': { get: { operationId: 'listApps' } } } })
})

test('how Plimsoll does is told to Prometheus, and whether it is ready to everybody', async () => {
  expect(await (await fetch(`${api.url}/readyz`)).json()).toEqual({ ok: true })
  const answer = await fetch(`${api.url}/metrics`, { headers: { authorization: `Bearer ${homeToken}` } })
  expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4')
  const text = await answer.text()
  for (const line of ['plimsoll_info{version="0.0.0"} 1', 'plimsoll_edge_up 1', '# TYPE process_resident_memory_bytes gauge']) expect(text).toContain(line)
})
