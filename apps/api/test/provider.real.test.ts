import { createClient, type Client } from '@plimsoll/client'
import { contract, isPlimsollError, type Session } from '@plimsoll/model'
import { withTestServer } from '@plimsoll/store/test-server'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createProviderClient } from '../src/access/provider-client.ts'
import { readProvider } from '../src/access/provider-settings.ts'
import { startApiUnderTest, token as homeToken, type ApiUnderTest } from './api-under-test.ts'
import { client, startIdentityProvider, type IdentityProvider, type ProviderFault } from './identity-provider.ts'

const server = withTestServer({ beforeAll, afterAll })
const password = 'a long enough password'
let provider: IdentityProvider
let api: ApiUnderTest

const settingsOf = (more: Record<string, string> = {}) => readProvider({
  PLIMSOLL_OIDC_ISSUER: provider.issuer, PLIMSOLL_OIDC_CLIENT_ID: client.id, PLIMSOLL_OIDC_CLIENT_SECRET: client.secret, PLIMSOLL_OIDC_NAME: 'Harbour', PLIMSOLL_OIDC_GRANTS: 'ops=admin@*; devs=releaser@shop; devs=viewer@blog', ...more,
}, 'http://127.0.0.1:4090')
const as = (token: string): Client => createClient({ baseUrl: api.url, token })
const nobody = (): Client => as('nobody')
const codeOf = (asked: Promise<unknown>): Promise<unknown> => asked.then(() => 'answered', (error: unknown) => (isPlimsollError(error) ? error.code : error))

beforeAll(async () => { provider = await startIdentityProvider() })
afterAll(() => provider.close())
const asEver = (): void => {
  provider.person = { sub: 'ada-1', preferred_username: 'ada' }
  provider.fault = {}
}
beforeEach(asEver)

async function startApi(): Promise<void> {
  asEver()
  const provided = settingsOf()
  api = await startApiUnderTest(await server.openStore(), provided && { provider: provided })
}

/** As a browser goes to the provider, and what it brings back. */
async function away(invitation?: string): Promise<{ attempt: string; answer: string }> {
  const { url, attempt } = await nobody().call(contract.leaveForProvider, { body: { ...(invitation !== undefined && { invitation }) } })
  const back = (await fetch(url, { redirect: 'manual' })).headers.get('location') ?? ''
  expect(back).toMatch(/^http:\/\/127\.0\.0\.1:4090\/sign-in\/callback\?/)
  return { attempt, answer: new URL(back).search }
}
const come = (back: { attempt: string; answer: string }): Promise<Session> => nobody().call(contract.comeFromProvider, { body: back })
const signIn = async (invitation?: string): Promise<Session> => come(await away(invitation))
const invite = async (name: string): Promise<string> => (await api.client.call(contract.inviteUser, { body: { name, grants: [{ app: 'shop' as never, role: 'viewer' }] } })).code

describe('who comes from the provider', () => {
  beforeEach(startApi)
  afterEach(() => api.close())

  test('is let in by an invitation, and from then on without one, as whom they were invited', async () => {
    provider.person = { sub: 'ada-1', preferred_username: 'whatever they are called there' }
    expect((await signIn(await invite('Ada Lovelace'))).who).toMatchObject({ kind: 'user', name: 'Ada Lovelace', grants: [{ app: 'shop', role: 'viewer' }] })
    const { token, who } = await signIn()
    expect(await as(token).call(contract.whoAmI, {})).toEqual(who)
    expect(who.name).toBe('Ada Lovelace')
    await as(token).call(contract.signOut, {})
    expect(await codeOf(as(token).call(contract.whoAmI, {}))).toBe('UNAUTHORIZED')
  })

  test('is not let in without one, and is not taken for somebody of the same name or address', async () => {
    await nobody().call(contract.join, { body: { code: await invite('ada@example.com'), password } })
    provider.person = { sub: 'mallory-1', preferred_username: 'ada@example.com' }
    expect(await codeOf(signIn())).toBe('FORBIDDEN')
    provider.person = { ...provider.person, groups: ['ops'] }
    expect(await codeOf(signIn())).toBe('FORBIDDEN')
    expect((await api.client.call(contract.listUsers, {})).users).toHaveLength(1)
  })

  test('of a group that counts is let in with what their groups give now; who has none left is out, and so are their tokens', async () => {
    provider.person = { sub: 'bo-1', preferred_username: 'bo', groups: ['devs', 'others'] }
    const first = await signIn()
    expect(first.who).toMatchObject({ name: 'bo', grants: [{ app: 'shop', role: 'releaser' }, { app: 'blog', role: 'viewer' }] })
    const { token } = await as(first.token).call(contract.createToken, { body: { name: 'ci', scope: 'releaser', apps: ['shop' as never], days: 30 } })
    provider.person = { sub: 'bo-1', preferred_username: 'somebody else', groups: ['ops'] }
    expect((await signIn()).who).toMatchObject({ name: 'bo', grants: [{ app: '*', role: 'admin' }] })
    provider.person = { sub: 'bo-1', groups: [] }
    expect(await codeOf(signIn())).toBe('FORBIDDEN')
    expect(await codeOf(as(first.token).call(contract.whoAmI, {}))).toBe('UNAUTHORIZED')
    expect((await as(token).call(contract.whoAmI, {})).grants).toEqual([])
  })

  test('by an invitation of somebody who has a password keeps what they may do, in another way; other sessions end', async () => {
    const before = await nobody().call(contract.join, { body: { code: await invite('Ada'), password } })
    expect((await signIn(await invite('ada'))).who).toMatchObject({ id: before.who.id, name: 'Ada' })
    expect(await codeOf(as(before.token).call(contract.whoAmI, {}))).toBe('UNAUTHORIZED')
    expect((await nobody().call(contract.signIn, { body: { name: 'Ada', password } })).who.id).toBe(before.who.id)
  })

  test('and is known already is nobody else by the invitation of another; that stays as it is', async () => {
    await signIn(await invite('Ada'))
    const code = await invite('Bo')
    expect(await codeOf(signIn(code))).toBe('FORBIDDEN')
    provider.person = { sub: 'bo-1' }
    expect((await signIn(code)).who.name).toBe('Bo')
    expect(await codeOf(signIn(code))).toBe('UNAUTHORIZED')
  })

  test('has no password, and is not let in with one', async () => {
    const { token } = await signIn(await invite('Ada'))
    expect(await codeOf(nobody().call(contract.signIn, { body: { name: 'Ada', password: '' } }))).toBe('UNAUTHORIZED')
    expect(await codeOf(as(token).call(contract.changePassword, { body: { current: '', next: password } }))).toBe('USAGE')
  })

  test('is out once they were removed, and stays unknown', async () => {
    const { token, who } = await signIn(await invite('Ada'))
    await api.client.call(contract.removeUser, { params: { user: who.id } })
    expect([await codeOf(as(token).call(contract.whoAmI, {})), await codeOf(signIn())]).toEqual(['UNAUTHORIZED', 'FORBIDDEN'])
  })

  test('is in the audit log, and so is who was sent off; no code and no secret is', async () => {
    const { who } = await signIn(await invite('Ada'))
    provider.person = { sub: 'mallory-1' }
    await codeOf(signIn())
    const { entries } = await api.client.call(contract.listAudit, {})
    const came = entries.filter(({ action }) => action === 'comeFromProvider').map(({ who: { kind, id }, outcome, code, details }) => ({ kind, id, outcome, code, details }))
    const nobodyYet = { kind: 'nobody', id: '' }
    expect(came).toEqual([
      { ...nobodyYet, outcome: 'failed', code: 'FORBIDDEN', details: {} }, { ...nobodyYet, outcome: 'allowed', code: null, details: {} },
      { kind: 'user', id: who.id, outcome: 'allowed', code: null, details: { issuer: provider.issuer, subject: 'ada-1' } }, { ...nobodyYet, outcome: 'allowed', code: null, details: {} },
    ])
    for (const secret of [...provider.codes, client.secret]) expect(JSON.stringify(entries)).not.toContain(secret)
  })
})

describe('an answer', () => {
  // One for all: each attempt counts, and together they are fewer than one address has in a minute.
  beforeAll(async () => {
    await startApi()
    await signIn(await invite('Ada'))
  })
  afterAll(() => api.close())

  test.each<[string, ProviderFault, string]>([
    ['to another question', { claims: { nonce: 'another' } }, 'UNAUTHORIZED'],
    ['with a state that is not ours', { state: 'another' }, 'UNAUTHORIZED'],
    ['that is over', { claims: { exp: Math.floor(Date.now() / 1000) - 3_600 } }, 'UNAUTHORIZED'],
    ['for somebody else', { claims: { aud: 'another-client' } }, 'UNAUTHORIZED'],
    ['of another issuer', { claims: { iss: 'https://evil.example' } }, 'UNAUTHORIZED'],
    ['that nobody has signed', { unsigned: true }, 'UNAUTHORIZED'],
    ['signed with a key that nobody knows', { unknownKey: true }, 'UNAUTHORIZED'],
    ['that says no', { refuses: 'access_denied' }, 'UNAUTHORIZED'],
    ['of a provider that fails', { token: 500 }, 'PROVIDER_DOWN'],
  ])('%s lets nobody in', async (_what, fault, code) => {
    provider.fault = fault
    expect(await codeOf(signIn())).toBe(code)
  })

  test('counts once, in the browser that has asked, and for ten minutes', async () => {
    const back = await away()
    expect((await come(back)).who.name).toBe('Ada')
    expect(await codeOf(come(back))).toBe('UNAUTHORIZED')
    const mine = await away()
    const theirs = await away()
    expect(await codeOf(come({ attempt: mine.attempt, answer: theirs.answer }))).toBe('UNAUTHORIZED')
    const late = await away()
    await api.services.clock.sleep(10 * 60_000 + 1, new AbortController().signal)
    expect(await codeOf(come(late))).toBe('UNAUTHORIZED')
  })

  test('is looked at thirty times a minute from one address, and no oftener', async () => {
    const codes = new Set<unknown>()
    for (let i = 0; i < 61 && !codes.has('TOO_MANY_ATTEMPTS'); i += 1) codes.add(await codeOf(come({ attempt: 'none', answer: '' })))
    expect([...codes]).toEqual(['UNAUTHORIZED', 'TOO_MANY_ATTEMPTS'])
  })
})

test('a provider that says nothing is waited for no longer than it may take', async () => {
  const settings = settingsOf()
  if (settings === undefined) throw new Error('there is no provider')
  const asking = createProviderClient(settings, 0.3)
  const { expected } = await asking.leave()
  provider.fault = { token: 'silence' }
  expect(await codeOf(asking.identify(`?code=any&state=${expected.state}`, expected))).toBe('PROVIDER_DOWN')
})

test('a provider that is away is told of, and found when it is back; who is in stays in', async () => {
  const settings = settingsOf({ PLIMSOLL_OIDC_ISSUER: 'http://127.0.0.1:9' })
  const other = await startApiUnderTest(await server.openStore(), settings && { provider: settings })
  try {
    const asking = createClient({ baseUrl: other.url, token: homeToken })
    expect(await asking.call(contract.showProvider, {})).toEqual({ name: 'Harbour' })
    expect(await codeOf(asking.call(contract.leaveForProvider, { body: {} }))).toBe('PROVIDER_DOWN')
    expect(await codeOf(asking.call(contract.whoAmI, {}))).toBe('answered')
  } finally {
    await other.close()
  }
})

test('where none is set there is none', async () => {
  const other = await startApiUnderTest(await server.openStore())
  try {
    const asking = createClient({ baseUrl: other.url, token: '' })
    expect(await asking.call(contract.showProvider, {})).toEqual({ name: null })
    expect(await codeOf(asking.call(contract.leaveForProvider, { body: {} }))).toBe('NOT_FOUND')
  } finally {
    await other.close()
  }
})
