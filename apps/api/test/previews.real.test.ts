import { createHmac, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gitServer, type GitServer } from '@plimsoll/drivers/git-server'
import { fakeDriver, manualClock } from '@plimsoll/engine/fakes'
import { appNameSchema, contract, hookWishSchema, isPlimsollError, PlimsollError, previewSettingsSchema, verificationSchema, type HookWish, type PreviewSettings, type VerificationEvent } from '@plimsoll/model'
import { readSource } from '@plimsoll/repository'
import type { Store } from '@plimsoll/store'
import { withTestServer } from '@plimsoll/store/test-server'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createPreviewKeeper } from '../src/previews/keep-previews.ts'
import { blueprintOf, startApiUnderTest, type ApiUnderTest } from './api-under-test.ts'

const server = withTestServer({ beforeAll, afterAll })
const [secret, repository] = ['a secret of the tests', { full_name: 'shop/storefront' }]
const [shop, params] = [appNameSchema.parse('shop'), { app: appNameSchema.parse('shop') }]
const [never, dayMs] = [new AbortController().signal, 24 * 60 * 60_000]

let clock: ReturnType<typeof manualClock>
let directory: string
let github: GitServer
let api: ApiUnderTest
let store: Store
/** What the live release says about previews. */
let generation = 'automatic'

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'previews-'))
  github = await gitServer(directory, { token: 'ghs_token', path: 'shop/storefront.git' })
  store = await server.openStore()
  const time = manualClock({ auto: true, startsAt: Date.parse('2026-11-27T12:00:00.000Z') })
  clock = time
  api = await startApiUnderTest(store, { clock: time, driver: fakeDriver({ clock: time }), readSource, verifier: { verify: async (wanted) => verified(wanted) } })
  generation = 'automatic'
})
afterEach(async () => {
  await api.hooks.idle()
  const { faults } = api
  await api.close()
  await store.close()
  await github.close()
  await rm(directory, { recursive: true })
  expect(faults).toEqual([])
})

const text = (version: string): string => `previews: { generation: ${generation === 'off' ? "'off'" : generation}, expireAfterDays: 3 }\n${blueprintOf(version)}`

/** The app is live with what is on `main`, and pull request 7 is open. */
async function live(settings: Partial<HookWish> = {}): Promise<void> {
  await github.commit({ 'render.yaml': text('1') })
  await api.client.call(contract.setHook, { params, body: hookWishSchema.parse({ repository: repository.full_name, server: new URL('/', github.url).href, secret, token: 'ghs_token', onPullRequest: 'nothing', ...settings }) })
  await say('push', { ref: 'refs/heads/main', repository })
  await api.runner.ended(shop)
  await pull(7, 'seven')
}

async function pull(number: number, version: string): Promise<void> {
  await github.commit({ 'render.yaml': text(version) })
  await github.git('update-ref', `refs/pull/${number}/head`, 'HEAD')
  await github.git('update-ref', `refs/heads/branch-${number}`, 'HEAD')
}

async function say(event: string, payload: object): Promise<void> {
  const body = JSON.stringify(payload)
  const headers = { 'content-type': 'application/json', 'x-github-event': event, 'x-github-delivery': randomUUID(), 'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` }
  expect((await fetch(`${api.url}/v1/hooks/github/shop`, { method: 'POST', headers, body })).status).toBe(202)
  await api.hooks.idle()
}

const pulled = (action: string, { number = 7, head = repository, ...more }: { readonly number?: number; readonly head?: object; readonly title?: string; readonly labels?: readonly { readonly name: string }[]; readonly state?: string } = {}) =>
  say('pull_request', { action, number, repository, pull_request: { base: { ref: 'main' }, head: { repo: head }, ...more } })

async function* verified({ app, root }: { readonly app: typeof shop; readonly root: string }): AsyncGenerator<VerificationEvent> {
  yield { event: 'end', data: verificationSchema.parse({ version: 1, id: 'v1', app, place: 'process', source: await readSource(root), blueprint: `sha256:${'c'.repeat(64)}`, state: 'passed', startedAt: new Date().toISOString(), artifacts: [], seed: 1, checks: [], directory: '/nowhere' }) }
}

const said = async (): Promise<string> => (await api.client.call(contract.listHookEvents, { params }))[0]?.why ?? ''
const settle = (settings: Partial<PreviewSettings>) => api.client.call(contract.setPreviewSettings, { params, body: previewSettingsSchema.parse(settings) })
const create = (body: { readonly branch?: string; readonly pull?: number }) => api.client.call(contract.createPreview, { params, body })
const names = async (): Promise<string[]> => (await store.previews.list(shop)).map(({ app }) => app).toSorted()
const settled = async (...apps: readonly string[]): Promise<void> => void (await Promise.all(apps.map((app) => api.runner.ended(appNameSchema.parse(app)))))
/** Which release of which app runs. */
const running = async (app: string) => [...new Set((await api.driver.observe(appNameSchema.parse(app), never)).map(({ unit }) => unit.name))].toSorted()

async function refusal(asked: Promise<unknown>): Promise<string> {
  const error: unknown = await asked.then(() => 'no error', (thrown: unknown) => thrown)
  return isPlimsollError(error) ? `${error.code}: ${error.message}` : String(error)
}

describe('a pull request', { timeout: 120_000 }, () => {
  test('has a preview from when it is opened, with each new commit, until it is closed, and the app stays as it is', async () => {
    await live()
    await pulled('opened')
    await settled('shop-pr-7')
    expect(await said()).toBe('preview shop-pr-7, release 1')
    const commit = await github.git('rev-parse', 'HEAD')
    expect(await api.client.call(contract.listPreviews, { params })).toMatchObject([{ app: 'shop-pr-7', of: 'shop', pull: 7, branch: null, commit, state: 'live', release: 1, expiresAt: expect.stringMatching(/^2026-11-30T12:00:/), addresses: [{ service: 'web' }] }])
    expect((await store.releases.list(appNameSchema.parse('shop-pr-7'), { limit: 9 })).releases).toMatchObject([{ state: 'live', unproven: 'It is a preview', source: { commit, branch: 'pull/7', domains: false, preview: { of: 'shop', data: 'clone' } } }])
    await pull(7, 'seven, again')
    await pulled('synchronize')
    await settled('shop-pr-7')
    expect(await running('shop-pr-7')).toEqual(['shop-pr-7-mailer-r2', 'shop-pr-7-web-r1', 'shop-pr-7-web-r2'])
    const [its, theirs] = await Promise.all(['shop-pr-7', 'shop'].map(async (app) => (await api.client.call(contract.showRelease, { params: { app, release: 1 } })).artifacts.map(({ digest }) => digest)))
    await pulled('closed', { state: 'closed' })
    expect(await said()).toBe('preview shop-pr-7 is ended')
    expect(api.pruned.findLast(({ drop }) => drop !== undefined)).toMatchObject({ keep: expect.arrayContaining(theirs ?? []), drop: expect.arrayContaining(its ?? []) })
    expect([await names(), await running('shop-pr-7'), await store.apps.find(appNameSchema.parse('shop-pr-7')), api.destroyed, existsSync(join(api.services.sources, 'shop-pr-7'))]).toEqual([[], [], undefined, ['shop-pr-7'], false])
    expect([await running('shop'), (await api.edge.live(shop, never))?.live.release]).toEqual([['shop-mailer-r1', 'shop-web-r1'], 1])
    await pulled('closed', { state: 'closed' })
    expect(await said()).toBe('it had no preview')
  })

  test('is verified besides where that is settled', async () => {
    await live({ onPullRequest: 'verify' })
    await pulled('opened')
    expect((await api.client.call(contract.listHookEvents, { params }))[0]).toMatchObject({ is: 'done', verification: 'v1', why: expect.stringMatching(/^passed; .*; preview shop-pr-7, release 1$/) })
    await settled('shop-pr-7')
  })

  test.each<[string, string, Parameters<typeof pulled>, string]>([
    ['where the live Blueprint makes none', 'off', ['opened'], 'no preview: the Blueprint that is live has no previews.generation'],
    ['where its title wants none', 'automatic', ['opened', { title: 'Tidy up [skip preview]' }], 'no preview: its title says so'],
    ['where it has to ask and does not', 'manual', ['opened'], 'no preview: previews.generation is manual, and neither its title nor a label asks for one'],
    ['from a fork', 'automatic', ['opened', { head: { full_name: 'stranger/storefront' } }], 'it comes from a fork: what a stranger has written does not run here unless that is allowed'],
    ['that is labelled after it was closed', 'manual', ['labeled', { state: 'closed', labels: [{ name: 'render-preview' }] }], 'it is not open'],
  ])('has no preview %s', async (...[, how, event, why]) => {
    generation = how
    await live()
    await pulled(...event)
    expect([await said(), await names()]).toEqual([why, []])
  })

  test.each<[string, Parameters<typeof pulled>]>([
    ['in its title', ['edited', { title: '[render preview] A new cart' }]], ['by a label', ['labeled', { labels: [{ name: 'render-preview' }] }]],
  ])('that asks for a preview %s has one where previews are made by hand', async (_, event) => {
    generation = 'manual'
    await live()
    await pulled(...event)
    await settled('shop-pr-7')
    expect(await names()).toEqual(['shop-pr-7'])
  })

  test('from a fork gets none although it is verified, unless that is settled too: it would read what databases hold', async () => {
    await live({ onPullRequest: 'verify', forks: true })
    const fork = { head: { full_name: 'stranger/storefront' } }
    await pulled('opened', fork)
    expect([await said(), await names()]).toEqual([expect.stringContaining('no preview: it comes from a fork'), []])
    await settle({ forks: true })
    await pulled('synchronize', fork)
    await settled('shop-pr-7')
    expect(await names()).toEqual(['shop-pr-7'])
  })

  test('says itself nothing about previews: what is live does', async () => {
    generation = 'off'
    await live()
    generation = 'automatic'
    await pull(7, 'with previews turned on')
    await pulled('opened')
    expect(await names()).toEqual([])
  })

  test('that cannot be fetched leaves no preview', async () => {
    await live()
    await pulled('opened', { number: 8 })
    expect([(await api.client.call(contract.listHookEvents, { params }))[0]?.is, await names()]).toEqual(['failed', []])
  })
})

describe('a preview', { timeout: 120_000 }, () => {
  test('ends when nobody has updated it for the days that the live Blueprint says, and not before; a new commit lets it live on', async () => {
    await live()
    await create({ pull: 7 })
    await settled('shop-pr-7')
    await clock.advance(2 * dayMs)
    await create({ pull: 7 })
    await settled('shop-pr-7')
    const left = Date.parse((await store.previews.find(appNameSchema.parse('shop-pr-7')))?.expiresAt ?? '') - clock.now()
    expect(left).toBeGreaterThan(3 * dayMs - 60_000)
    await clock.advance(left - 1)
    await api.previews.sweep()
    expect(await names()).toEqual(['shop-pr-7'])
    await clock.advance(1)
    await api.previews.sweep()
    expect([await names(), api.destroyed, await running('shop-pr-7')]).toEqual([[], ['shop-pr-7'], []])
  })

  test('that is kept outlives every day, and one that is given days ends after them', async () => {
    await live()
    await create({ pull: 7 })
    await settled('shop-pr-7')
    const preview = { app: 'shop', preview: 'shop-pr-7' }
    expect(await api.client.call(contract.keepPreview, { params: preview, body: { days: null } })).toMatchObject({ expiresAt: null })
    await clock.advance(365 * dayMs)
    await create({ pull: 7 })
    await settled('shop-pr-7')
    await api.previews.sweep()
    expect(await names()).toEqual(['shop-pr-7'])
    await api.client.call(contract.keepPreview, { params: preview, body: { days: 1 } })
    await clock.advance(dayMs)
    await api.previews.sweep()
    expect(await names()).toEqual([])
  })

  test('beyond the limit is refused by name, or the one that was updated longest ago gives way, but never one that is kept', async () => {
    await live()
    for (const number of [1, 2, 3]) await pull(number, `pull ${number}`)
    await settle({ limit: 2 })
    for (const number of [1, 2]) {
      await create({ pull: number })
      await clock.advance(1_000)
    }
    await settled('shop-pr-1', 'shop-pr-2')
    expect(await refusal(create({ pull: 3 }))).toBe('PREVIEW_REFUSED: shop has 2 previews (shop-pr-2, shop-pr-1), and more than 2 are not to be there at once')
    await settle({ limit: 2, whenFull: 'end-oldest' })
    await api.client.call(contract.keepPreview, { params: { app: 'shop', preview: 'shop-pr-1' }, body: { days: null } })
    await create({ pull: 3 })
    await settled('shop-pr-3')
    expect(await names()).toEqual(['shop-pr-1', 'shop-pr-3'])
    await api.client.call(contract.keepPreview, { params: { app: 'shop', preview: 'shop-pr-3' }, body: { days: null } })
    expect(await refusal(create({ pull: 2 }))).toContain('and all of them are kept')
  })

  test('is made once for a request that is sent twice, and two that are asked for at once are one', async () => {
    await live()
    await Promise.all([create({ pull: 7 }), create({ pull: 7 })])
    await settled('shop-pr-7')
    expect(await names()).toEqual(['shop-pr-7'])
    const { releases } = await store.releases.list(appNameSchema.parse('shop-pr-7'), { limit: 9 })
    expect(releases[0]).toMatchObject({ state: expect.stringMatching(/live|unchanged/) })
  })

  test('takes no name of another app, ends none that is no preview, and is known by its own app only', async () => {
    await live()
    const other = appNameSchema.parse('shop-pr-7')
    await store.apps.put({ name: other, root: '/nowhere', place: 'process', blueprint: 'render.yaml', entries: {}, createdAt: '2026-11-27T12:00:00.000Z' })
    const { app } = await create({ pull: 7 })
    await settled(app)
    expect(app).toMatch(/^shop-pr-7-[0-9a-f]{6}$/)
    for (const preview of ['shop', 'shop-pr-7']) expect(await refusal(api.client.call(contract.endPreview, { params: { app: 'shop', preview } }))).toContain('NOT_FOUND')
    await api.previews.end(shop)
    await api.previews.end(other)
    expect([api.destroyed, await running('shop'), (await store.apps.find(other))?.name]).toEqual([[], ['shop-mailer-r1', 'shop-web-r1'], other])
    expect(await refusal(api.client.call(contract.createPreview, { params: { app }, body: { branch: 'main' } }))).toContain(`PREVIEW_REFUSED: ${app} is itself a preview of shop`)
  })

  test('of which a place does not answer is not forgotten, and is ended when it is back', async () => {
    await live()
    await create({ pull: 7 })
    await settled('shop-pr-7')
    api.driver.failNext('units', new PlimsollError('ENGINE_DOWN', 'No Docker engine answers'))
    expect(await refusal(api.client.call(contract.endPreview, { params: { app: 'shop', preview: 'shop-pr-7' } }))).toContain('ENGINE_DOWN')
    expect(await api.client.call(contract.listPreviews, { params })).toMatchObject([{ state: 'ending' }])
    expect(await refusal(api.client.call(contract.keepPreview, { params: { app: 'shop', preview: 'shop-pr-7' }, body: { days: 3 } }))).toContain('PREVIEW_REFUSED')
    await api.previews.sweep()
    expect(await names()).toEqual([])
  })

  test('that a Plimsoll had only begun to make is gone with the next start', async () => {
    await live()
    await store.previews.make({ app: appNameSchema.parse('shop-pr-7'), of: shop, pull: 7, branch: null, data: 'clone', expiresAt: null, at: '2026-11-27T12:00:00.000Z' }, 5)
    const stop = new AbortController()
    const again = createPreviewKeeper({ services: api.services, runner: api.runner, crons: api.crons, contextFor: (app, number, signal) => api.runner.contextOf(app, number, signal), report: (error) => { throw error } })
    const kept = again.keep(stop.signal)
    await expect.poll(names).toEqual([])
    stop.abort()
    await Promise.all([kept, again.close()])
  })

  test('gets of what was set for its app what is named and nothing else, and what was set for itself stays', async () => {
    await live()
    await store.keptValues.setAll(shop, { 'web/STRIPE_KEY': 'sk_live_1', 'web/OTHER': 'other_live' })
    await settle({ secrets: ['web/STRIPE_KEY'] })
    await create({ pull: 7 })
    await settled('shop-pr-7')
    const preview = appNameSchema.parse('shop-pr-7')
    const values = await store.keptValues.values(preview)
    expect([values['web/STRIPE_KEY'], values['web/OTHER']]).toEqual(['sk_live_1', undefined])
    expect(values['web/SESSION_SECRET']).not.toBe((await store.keptValues.values(shop))['web/SESSION_SECRET'])
    await store.keptValues.set(preview, 'web/STRIPE_KEY', 'sk_test_1')
    await create({ pull: 7 })
    await settled('shop-pr-7')
    expect((await store.keptValues.values(preview))['web/STRIPE_KEY']).toBe('sk_test_1')
  })
})

test('whoever may release an app may release its previews, and whoever may not see it may not see them', { timeout: 120_000 }, async () => {
  await live()
  await create({ pull: 7 })
  await settled('shop-pr-7')
  const tokenFor = async (app: string, role: 'viewer' | 'releaser'): Promise<string> => (await api.client.call(contract.createToken, { body: { name: `${app} ${role}`, scope: role, apps: [appNameSchema.parse(app)], days: 30 } })).token
  const asks = async (bearer: string, path: string, method = 'GET'): Promise<number> => (await fetch(`${api.url}${path}`, { method, headers: { authorization: `Bearer ${bearer}` } })).status
  const [viewer, releaser, stranger] = [await tokenFor('shop', 'viewer'), await tokenFor('shop', 'releaser'), await tokenFor('blog', 'releaser')]
  expect([await asks(viewer, '/v1/apps/shop-pr-7'), await asks(releaser, '/v1/apps/shop-pr-7'), await asks(stranger, '/v1/apps/shop-pr-7'), await asks(stranger, '/v1/apps/shop/previews')]).toEqual([200, 200, 404, 404])
  expect([await asks(viewer, '/v1/apps/shop/previews/shop-pr-7', 'DELETE'), await asks(releaser, '/v1/apps/shop/previews/shop-pr-7', 'DELETE')]).toEqual([403, 200])
  const { entries } = await api.client.call(contract.listAudit, { query: { app: shop } })
  expect(entries.filter(({ action }) => action === 'endPreview').map(({ outcome, details }) => [outcome, details])).toEqual([['allowed', { preview: 'shop-pr-7' }], ['refused', { preview: 'shop-pr-7' }]])
})
