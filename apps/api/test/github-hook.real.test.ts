import { createHmac, randomUUID } from 'node:crypto'
import { readdir, rm, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { readSource } from '@plimsoll/repository'
import { gitServer, type GitServer } from '@plimsoll/drivers/git-server'
import { manualClock } from '@plimsoll/engine/fakes'
import { appNameSchema, contract, hookWishSchema, verificationSchema, type HookWish, type VerificationEvent } from '@plimsoll/model'
import type { Store } from '@plimsoll/store'
import { withTestServer } from '@plimsoll/store/test-server'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createHookKeeper } from '../src/hooks/keep-hooks.ts'
import { blueprintOf, startApiUnderTest, type ApiUnderTest } from './api-under-test.ts'

const server = withTestServer({ beforeAll, afterAll })
const secret = 'a secret of the tests'
const repository = { full_name: 'shop/storefront' }
/** Pauses pass at once; limits never come. */
const quick = manualClock({ auto: true, startsAt: Date.now() })
const clock = { ...quick, now: () => quick.now(), sleep: (ms: number, signal: AbortSignal) => (ms < 10_000 ? quick.sleep(ms, signal) : new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))) }
let directory: string
let github: GitServer
let marks: { readonly commit: string; readonly state: string; readonly authorization: string | undefined }[]
let api: ApiUnderTest
let store: Store
let shop = appNameSchema.parse('shop')
let count = 0
/** What a verification waits for. */
let verifying: (signal: AbortSignal) => Promise<void>

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'github-'))
  github = await gitServer(directory, {
    token: 'ghs_token', path: 'shop/storefront.git',
    also(request, response) {
      if (request.url?.startsWith('/api/v3/') !== true) return false
      void text(request).then((body) => {
        marks.push({ commit: request.url?.split('/').at(-1) ?? '', state: (JSON.parse(body) as { state: string }).state, authorization: request.headers.authorization })
        response.writeHead(201).end('{}')
      })
      return true
    },
  })
  store = await server.openStore()
  api = await startApiUnderTest(store, { clock, readSource, verifier: { verify: async (wanted, signal) => verified(wanted, signal) } })
})
afterAll(async () => {
  await api.close()
  await store.close()
  await github.close()
  await rm(directory, { recursive: true })
})
beforeEach(async () => {
  shop = appNameSchema.parse(`shop-${count++}`)
  marks = []
  verifying = async () => undefined
  await github.commit({ 'deploy/render.yaml': blueprintOf(`v${count}`) })
  await settle()
})
afterEach(() => api.hooks.idle())

const settle = (over: Partial<HookWish> = {}) => api.client.call(contract.setHook, { params: { app: shop }, body: hookWishSchema.parse({ repository: repository.full_name, directory: 'deploy', server: new URL('/', github.url).href, secret, token: 'ghs_token', ...over }) })
const events = async () => (await api.client.call(contract.listHookEvents, { params: { app: shop } })).map(({ about, is, why, release }) => [about, is, why, release])
const releases = async () => (await store.releases.list(shop, { limit: 10 })).releases.map(({ number, source: { commit, branch } }) => [number, commit, branch])
const pushed = { ref: 'refs/heads/main', repository }
const pulled = { action: 'synchronize', number: 7, repository, pull_request: { base: { ref: 'main' }, head: { repo: repository } } }

async function* verified({ app, root }: { readonly app: typeof shop; readonly root: string }, signal: AbortSignal): AsyncGenerator<VerificationEvent> {
  await verifying(signal)
  yield { event: 'end', data: verificationSchema.parse({ version: 1, id: `v${count}`, app, place: 'process', source: await readSource(root), blueprint: `sha256:${'c'.repeat(64)}`, state: 'passed', startedAt: new Date().toISOString(), artifacts: [], seed: 1, checks: [], directory: '/nowhere' }) }
}

interface Sent {
  readonly event?: string
  readonly delivery?: string
  readonly app?: string
  readonly signature?: string | null
  readonly type?: string
  readonly body?: string
}

async function say(payload: unknown, { event = 'push', delivery = randomUUID(), app = shop, body = JSON.stringify(payload), type = 'application/json', signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` }: Sent = {}): Promise<string> {
  const headers = { 'content-type': type, 'x-github-event': event, 'x-github-delivery': delivery, ...(signature !== null && { 'x-hub-signature-256': signature }) }
  const answer = await fetch(`${api.url}/v1/hooks/github/${app}`, { method: 'POST', headers, body })
  const said = (await answer.json()) as { is?: string; code?: string }
  return `${answer.status} ${said.is ?? said.code}`
}

test('what is pushed is released as it stands on the branch, also when it was pushed anew', async () => {
  expect(await say(pushed)).toBe('202 waiting')
  await api.hooks.idle()
  await api.runner.ended(shop)
  const first = await github.git('rev-parse', 'HEAD')
  expect([await events(), await releases()]).toEqual([[['push to main', 'done', null, 1]], [[1, first, 'main']]])
  await github.git('commit', '-q', '--amend', '-m', 'Another')
  await say({ ...pushed, forced: true, after: first, repository: { ...repository, clone_url: 'http://127.0.0.1:1/evil.git' } })
  await api.hooks.idle()
  await api.runner.ended(shop)
  expect((await releases())[0]).toEqual([2, await github.git('rev-parse', 'HEAD'), 'main'])
})

test('what is not signed by who knows the secret does nothing and leaves nothing', async () => {
  const others = `sha256=${createHmac('sha256', 'another secret').update(JSON.stringify(pushed)).digest('hex')}`
  expect([
    await say(pushed, { signature: others }), await say(pushed, { signature: null }), await say(pushed, { app: 'nobody' as typeof shop }), await say(pushed, { app: 'No App' }),
    await say({}, { body: '{', signature: others }), await say({}, { body: 'x'.repeat(5 * 1024 * 1024 + 1), signature: others }),
  ]).toEqual(['401 UNAUTHORIZED', '401 UNAUTHORIZED', '401 UNAUTHORIZED', '401 UNAUTHORIZED', '401 UNAUTHORIZED', '400 USAGE'])
  expect([await events(), await releases()]).toEqual([[], []])
  expect((await api.client.call(contract.listAudit, { query: { app: shop } })).entries.map(({ action }) => action)).toEqual(['setHook'])
})

test('what is signed and not understood is refused, and what is not to be acted on says why', async () => {
  expect([
    await say({}, { body: '{' }), await say({}, { body: 'payload=%7B%7D', type: 'application/x-www-form-urlencoded' }), await say({ ref: 7 }), await say(pushed, { delivery: 'x' }), await say(pushed, { event: 'Push!' }),
    await say({ ...pushed, ref: 'refs/heads/next' }), await say({ ...pushed, repository: { full_name: 'evil/storefront' } }), await say({ zen: '' }, { event: 'ping' }), await say({}, { event: 'star' }),
  ]).toEqual([...Array(5).fill('400 USAGE'), ...Array(4).fill('202 ignored')])
  expect((await events()).map(([about, is]) => [about, is])).toEqual([['star', 'ignored'], ['ping', 'ignored'], ['push to main', 'ignored'], ['push to next', 'ignored']])
})

test('what is sent again does nothing again, at the same moment or later', async () => {
  const delivery = randomUUID()
  expect((await Promise.all([say(pushed, { delivery }), say(pushed, { delivery })])).toSorted()).toEqual(['202 ignored', '202 waiting'])
  await api.hooks.idle()
  expect(await say(pushed, { delivery })).toBe('202 ignored')
  await api.hooks.idle()
  await api.runner.ended(shop)
  expect(await releases()).toHaveLength(1)
})

test('a branch that cannot be fetched says so, without the token', async () => {
  await settle({ branch: 'gone' })
  await say({ ...pushed, ref: 'refs/heads/gone' })
  await api.hooks.idle()
  expect(await events()).toEqual([['push to gone', 'failed', expect.stringMatching(/^refs\/heads\/gone of .*couldn't find remote ref/), null]])
  await settle({ token: 'ghs_wrong-token' })
  await say(pushed)
  await api.hooks.idle()
  expect((await events())[0]).toEqual(['push to main', 'failed', expect.not.stringContaining('ghs_'), null])
})

describe('a pull request', () => {
  beforeEach(() => github.git('update-ref', 'refs/pull/7/head', 'HEAD'))

  test('is verified as it stands, its commit is marked before and after, and its source is not kept', async () => {
    const commit = await github.git('rev-parse', 'HEAD')
    await say(pulled, { event: 'pull_request' })
    await api.hooks.idle()
    expect(await events()).toEqual([['pull request 7', 'done', 'passed', null]])
    expect(marks).toEqual(['pending', 'success'].map((state) => ({ commit, state, authorization: 'Bearer ghs_token' })))
    expect([await releases(), await readdir(join(api.services.sources, shop))]).toEqual([[], []])
  })

  test('that changes while it is verified is verified anew, and the older one is given up', async () => {
    const begun = Promise.withResolvers<void>()
    verifying = (signal) => new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      begun.resolve()
    })
    await say(pulled, { event: 'pull_request' })
    await begun.promise
    verifying = async () => undefined
    await say(pulled, { event: 'pull_request' })
    await api.hooks.idle()
    expect(await events()).toEqual([['pull request 7', 'done', 'passed', null], ['pull request 7', 'superseded', 'Something newer came before it ended', null]])
  })

  test('of which several versions wait is verified once, as the newest, and after what is to be released', async () => {
    await store.hooks.note(shop, { delivery: 'waiting-1', event: 'pull_request', about: 'old', task: { do: 'verify', pull: 7 }, why: undefined, at: new Date().toISOString() })
    await store.hooks.note(shop, { delivery: 'waiting-2', event: 'pull_request', about: 'new', task: { do: 'verify', pull: 7 }, why: undefined, at: new Date().toISOString() })
    await store.hooks.note(shop, { delivery: 'waiting-3', event: 'push', about: 'push', task: { do: 'release' }, why: undefined, at: new Date().toISOString() })
    expect((await store.hooks.take(shop))?.delivery).toBe('waiting-3')
    // Plimsoll dies here, and another one begins.
    const again = createHookKeeper({ services: api.services, runner: api.runner, previews: api.previews, verifier: { verify: async (wanted, signal) => verified(wanted, signal) } }, () => undefined)
    const stop = new AbortController()
    const kept = again.keep(stop.signal)
    await expect.poll(async () => (await events()).map(([about, is]) => [about, is]), { timeout: 30_000 }).toEqual([['push', 'done'], ['new', 'done'], ['old', 'superseded']])
    stop.abort()
    await Promise.all([kept, again.close()])
    await api.runner.ended(shop)
  })

  test('that cannot be verified marks its commit so', async () => {
    verifying = async () => { throw new Error('the machine is on fire') }
    await say(pulled, { event: 'pull_request' })
    await api.hooks.idle()
    expect([(await events())[0]?.[1], marks.map(({ state }) => state)]).toEqual(['failed', ['pending', 'error']])
  })
})

test('secret and token are never told, and the token is not shown to another repository', async () => {
  const answers = [await api.client.call(contract.showHook, { params: { app: shop } }), await settle(), await api.client.call(contract.listAudit, { query: { app: shop } })]
  for (const hidden of [secret, 'ghs_token']) expect(JSON.stringify(answers)).not.toContain(hidden)
  const { secret: _secret, token: _token, ...same } = { repository: repository.full_name, directory: 'deploy', server: new URL('/', github.url).href, secret, token: '' }
  expect(await api.client.call(contract.setHook, { params: { app: shop }, body: hookWishSchema.parse(same) })).toMatchObject({ hasToken: true, path: `/v1/hooks/github/${shop}` })
  const moved = await api.client.call(contract.setHook, { params: { app: shop }, body: hookWishSchema.parse({ ...same, repository: 'shop/other' }) })
  expect(moved).toMatchObject({ hasToken: false, secret: expect.stringMatching(/^[0-9a-f]{64}$/) })
  await api.client.call(contract.removeHook, { params: { app: shop } })
  expect([await api.client.call(contract.showHook, { params: { app: shop } }), await say(pushed)]).toEqual([null, '401 UNAUTHORIZED'])
})
