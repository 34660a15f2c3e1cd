import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { startFakeRender, type FakeRender } from '@plimsoll/drivers/fake-render'
import { readSource } from '@plimsoll/repository'
import { manualClock } from '@plimsoll/engine/fakes'
import { contract, isPlimsollError, type Release, type Verdict } from '@plimsoll/model'
import { withTestServer } from '@plimsoll/store/test-server'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { renderOffer } from '../src/places/render-offer.ts'
import { startApiUnderTest, type ApiUnderTest } from './api-under-test.ts'

const server = withTestServer({ beforeAll, afterAll })
const params = { app: 'shop' }
const git = promisify(execFile)
let api: ApiUnderTest
let render: FakeRender
let verdict: Verdict['is']

beforeEach(async () => {
  const clock = manualClock({ auto: true, startsAt: Date.now() })
  render = await startFakeRender({ clock })
  verdict = 'pass'
  api = await startApiUnderTest(await server.openStore(), {
    clock, readSource,
    alsoAt: ({ store, secrets }) => renderOffer({ store, secrets, clock, config: { render: { apiKey: render.key, base: render.base, workspace: undefined } } }),
    publicChecks: [{ id: 'public.answers', ask: async ({ url, spec }) => [{ check: 'public.answers', service: spec.service, is: verdict, finding: `${url} was asked`, tookMs: 1 }] }],
  })
  await inRoot('init', '-q', '-b', 'main')
  await inRoot('remote', 'add', 'origin', 'git@github.com:ada/shop.git')
})
afterEach(async () => {
  await api.close()
  await render.close()
})

async function inRoot(...args: string[]): Promise<string> {
  return (await git('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@shop.test', ...args], { cwd: api.root })).stdout.trim()
}

const blueprint = (colour: string): string => `services:
  - type: web
    name: web
    runtime: node
    buildCommand: npm run build
    startCommand: node web.js
    envVars:
      - key: COLOUR
        value: ${colour}
      - key: SESSION_SECRET
        generateValue: true
      - key: STRIPE_KEY
        sync: false
      - key: API_HOST
        fromService: { type: web, name: api, property: host }
      - fromGroup: both
  - type: web
    name: api
    runtime: node
    buildCommand: npm run build
    startCommand: node api.js
    envVars:
      - key: DATABASE_URL
        fromDatabase: { name: db, property: connectionString }
databases:
  - name: db
envVarGroups:
  - name: both
    envVars:
      - key: LEVEL
        value: info
`

async function commit(colour: string): Promise<string> {
  await api.write(blueprint(colour))
  await inRoot('add', '-A')
  await inRoot('commit', '-q', '-m', colour)
  return inRoot('rev-parse', 'HEAD')
}

const body = () => ({ source: { root: api.root, blueprint: 'render.yaml' }, on: 'render' as const, skipVerify: 'a test' })

async function release(): Promise<{ release: Release; lines: string[] }> {
  return ended(await api.client.call(contract.startRelease, { params, body: body() }))
}

async function goBack(to?: number): Promise<{ release: Release; lines: string[] }> {
  return ended(await api.client.call(contract.rollBack, { params, body: to === undefined ? {} : { to } }))
}

async function ended({ number }: Release): Promise<{ release: Release; lines: string[] }> {
  const lines: string[] = []
  for await (const event of api.client.stream(contract.watchRelease, { params: { ...params, release: number } })) {
    if (event.event === 'line') lines.push(`${event.data.service}: ${event.data.text}`)
  }
  return { release: (await api.client.call(contract.showRelease, { params: { ...params, release: number } })).release, lines }
}

/** The commit that serves, and whether a push is deployed. */
function stand(name: string): unknown {
  const { deploys, record } = render.service(name)
  return { live: deploys.findLast(({ status }) => status === 'live')?.commit, autoDeploy: record['autoDeploy'] }
}

async function codeOf(asked: Promise<unknown>): Promise<string> {
  const error: unknown = await asked.then(() => 'no error', (thrown: unknown) => thrown)
  return isPlimsollError(error) ? error.code : String(error)
}

test('a release makes what is missing, puts every service live at its commit, and is shown with its public addresses', async () => {
  const first = await commit('red')
  const { release: ended, lines } = await release()
  expect(ended).toMatchObject({ state: 'live', outcome: { is: 'completed' } })
  expect([stand('web'), stand('api')]).toEqual([{ live: first, autoDeploy: 'yes' }, { live: first, autoDeploy: 'yes' }])
  expect(render.service('web').record).toMatchObject({ repo: 'https://github.com/ada/shop' })
  expect(render.service('web').deploys.at(-1)?.environment).toMatchObject({ COLOUR: 'red', API_HOST: 'api', LEVEL: 'info', SESSION_SECRET: expect.any(String) })
  expect(render.service('api').deploys.at(-1)?.environment['DATABASE_URL']).toMatch(/^postgresql:/)
  expect(lines[0]).toContain('not all switch in one instant')
  expect(lines).toContain('plimsoll: STRIPE_KEY of web has no value and is left alone: keep one with Plimsoll as web/STRIPE_KEY, or set it in the dashboard')
  expect(lines.some((line) => line.startsWith('api: ==> build_in_progress'))).toBe(true)
  expect(await api.client.call(contract.showApp, { params })).toMatchObject({
    place: 'render', live: { number: 1 }, services: [{ service: 'web', url: 'https://web.onrender.com', instances: expect.arrayContaining([expect.objectContaining({ state: 'running', unit: expect.objectContaining({ release: 1 }) })]) }, { service: 'api', url: 'https://api.onrender.com' }], resources: [{ name: 'db' }],
  })
})

test('a release of nothing new says so, and the one after a change retires the one before', async () => {
  await commit('red')
  await release()
  const deploys = render.service('web').deploys.length
  expect((await release()).release).toMatchObject({ state: 'unchanged' })
  expect(render.service('web').deploys).toHaveLength(deploys)
  const third = await commit('blue')
  expect((await release()).release).toMatchObject({ number: 3, state: 'live' })
  expect(stand('web')).toMatchObject({ live: third })
  const { releases } = await api.client.call(contract.listReleases, { params })
  expect(releases.map(({ number, state }) => [number, state])).toEqual([[3, 'live'], [2, 'unchanged'], [1, 'retired']])
})

test('when the second service fails the first goes back to what was live, no push deploys it, and that is said', async () => {
  const first = await commit('red')
  await release()
  await commit('blue')
  render.fate('web', 'never healthy')
  const { release: ended, lines } = await release()
  expect(ended).toMatchObject({ state: 'undone', outcome: { is: 'undone', at: 'deploy', problem: { code: 'CANDIDATE_UNHEALTHY' } } })
  expect([stand('web'), stand('api')]).toEqual([{ live: first, autoDeploy: 'no' }, { live: first, autoDeploy: 'no' }])
  expect(lines).toContain('api: Is back on what was live before')
  expect(lines).toContain('api: Its auto-deploy is off now: a push would deploy again what was taken back')
  expect(await api.client.call(contract.showApp, { params })).toMatchObject({ live: { number: 1 } })
})

test('what does not answer where people reach it goes back, the last service first', async () => {
  const first = await commit('red')
  await release()
  await commit('blue')
  verdict = 'fail'
  const { release: ended, lines } = await release()
  expect(ended).toMatchObject({ state: 'undone', outcome: { at: 'check-public', problem: { code: 'CHECKS_FAILED' } } })
  expect([stand('web'), stand('api')]).toMatchObject([{ live: first }, { live: first }])
  expect(lines.filter((line) => line.endsWith('Is back on what was live before'))).toEqual(['web: Is back on what was live before', 'api: Is back on what was live before'])
})

test('going back puts every service on what it ran after the earlier release, with its variables, and no push deploys it', async () => {
  const first = await commit('red')
  await release()
  await commit('blue')
  await release()
  const plan = await api.client.call(contract.describeRollback, { params })
  expect(plan).toMatchObject({ from: 2, to: 1, warm: false, services: [{ service: 'web', is: 'changes' }, { service: 'api', is: 'changes' }], inPlace: { leaves: expect.arrayContaining([expect.stringContaining('Disks')]) } })
  expect(await api.client.call(contract.showApp, { params })).toMatchObject({ live: { number: 2 }, back: 1 })
  const { release: back, lines } = await goBack()
  expect(back).toMatchObject({ number: 3, kind: 'rollback', backTo: 1, state: 'completed', outcome: { is: 'completed' } })
  expect(lines[0]).toContain('Disks')
  expect(lines.filter((line) => line.includes('Is back on')).map((line) => line.split(':')[0])).toEqual(['web', 'api'])
  expect([stand('web'), stand('api')]).toEqual([{ live: first, autoDeploy: 'no' }, { live: first, autoDeploy: 'no' }])
  expect(render.service('web').deploys.at(-1)).toMatchObject({ trigger: 'rollback', environment: { COLOUR: 'red' } })
  const { releases } = await api.client.call(contract.listReleases, { params })
  expect(releases.map(({ number, state }) => [number, state])).toEqual([[3, 'completed'], [2, 'retired'], [1, 'live']])
})

test('one returns from an earlier release the same way, and can name any that was live', async () => {
  await commit('red')
  await release()
  const second = await commit('blue')
  await release()
  await goBack(1)
  expect(await codeOf(goBack(1))).toBe('NOTHING_TO_ROLL_BACK')
  expect(await codeOf(goBack(3))).toBe('NOTHING_TO_ROLL_BACK')
  expect(await codeOf(goBack(9))).toBe('NOT_FOUND')
  expect((await goBack()).release).toMatchObject({ number: 4, backTo: 2, state: 'completed' })
  expect([stand('web'), stand('api')]).toMatchObject([{ live: second }, { live: second }])
  expect(await api.client.call(contract.showApp, { params })).toMatchObject({ live: { number: 2 }, back: 1 })
})

test('where Render shows a deploy no more, going back to it is refused with the commit to release, and nothing is changed', async () => {
  await commit('red')
  await release()
  const second = await commit('blue')
  await release()
  render.service('api').deploys.splice(0, 1)
  expect(await codeOf(api.client.call(contract.describeRollback, { params }))).toBe('NOTHING_TO_ROLL_BACK')
  expect((await goBack()).release).toMatchObject({ state: 'undone', outcome: { at: 'choose-deploys', problem: { code: 'NOTHING_TO_ROLL_BACK', message: expect.stringContaining('api'), hint: expect.stringContaining('git switch --detach') } } })
  expect(stand('web')).toEqual({ live: second, autoDeploy: 'yes' })
  expect(await api.client.call(contract.showApp, { params })).toMatchObject({ live: { number: 2 } })
})

test('a rollback that Render refuses is said with the way out, and one that fails half-way goes forward again', async () => {
  await commit('red')
  await release()
  const second = await commit('blue')
  await release()
  render.fail('POST /services/{serviceId}/rollback', { does: 'answer', status: 404 })
  expect((await goBack()).release).toMatchObject({ state: 'undone', outcome: { at: 'roll-back', problem: { code: 'NOTHING_TO_ROLL_BACK', hint: expect.stringContaining('Release the commit') } } })
  render.fate('api', 'never healthy')
  const { release: back, lines } = await goBack()
  expect(back).toMatchObject({ state: 'undone', outcome: { at: 'roll-back', problem: { code: 'CANDIDATE_UNHEALTHY' } } })
  expect(lines).toContain('web: Is back on what was live before')
  expect([stand('web'), stand('api')]).toEqual([{ live: second, autoDeploy: 'no' }, { live: second, autoDeploy: 'no' }])
  expect(await api.client.call(contract.showApp, { params })).toMatchObject({ live: { number: 2 } })
})

test('a value that is generated is made once, and one that is kept is set, in no line and no journal', async () => {
  await commit('red')
  await release()
  const secret = render.service('web').variables.get('SESSION_SECRET')
  await api.client.call(contract.setValues, { params, body: { values: { 'web/STRIPE_KEY': 'sk_live_hush' } } })
  const { release: ended, lines } = await release()
  expect(ended).toMatchObject({ state: 'live' })
  expect([render.service('web').variables.get('SESSION_SECRET'), render.service('web').variables.get('STRIPE_KEY')]).toEqual([secret, 'sk_live_hush'])
  expect(lines).toContain('plimsoll: adds STRIPE_KEY of web')
  const told = JSON.stringify([lines, await api.client.call(contract.showRelease, { params: { ...params, release: ended.number } })])
  expect(told).not.toContain('sk_live_hush')
  expect(told).not.toContain(secret)
})

test('whoever looks again and again asks Render once in a while', async () => {
  await commit('red')
  await release()
  const look = () => api.client.call(contract.showApp, { params })
  const first = await look()
  const sent = render.requests.length
  expect(await look()).toEqual(first)
  expect(render.requests).toHaveLength(sent)
})

test('a preview tells every request with its secrets removed, and sends none of them', async () => {
  await commit('red')
  await release()
  await commit('blue')
  await api.client.call(contract.setValues, { params, body: { values: { 'web/STRIPE_KEY': 'sk_live_hush' } } })
  const sent = render.requests.length
  const preview = await api.client.call(contract.previewInPlace, { params, body: { source: body().source } })
  expect(preview.changes).toEqual(['changes COLOUR of web', 'adds STRIPE_KEY of web'])
  expect(preview.requests.map(({ method, path }) => `${method} ${path.replace(/srv-\w+/, 'ID')}`)).toEqual([
    'PUT /services/ID/env-vars/COLOUR', 'PUT /services/ID/env-vars/STRIPE_KEY', 'POST /services/ID/deploys', 'POST /services/ID/deploys',
  ])
  expect(JSON.stringify(preview)).not.toMatch(/hush|blue/)
  expect(render.requests.slice(sent).filter((request) => !request.startsWith('GET'))).toEqual([])
})

test('what such a place cannot do is refused before anything is begun', async () => {
  await commit('red')
  await release()
  const start = (more: object) => api.client.call(contract.startRelease, { params, body: { ...body(), ...more } })
  expect(await codeOf(start({ pause: true }))).toBe('PLACE_CANNOT')
  expect(await codeOf(start({ canary: [{ share: 0.1, forMs: 1000 }] }))).toBe('PLACE_CANNOT')
  const logs = async (): Promise<void> => { for await (const _ of api.client.stream(contract.logs, { params, query: {} as never })) void _ }
  expect(await codeOf(logs())).toBe('PLACE_CANNOT')
  expect(await codeOf(api.client.call(contract.rollBack, { params, body: {} }))).toBe('NOTHING_TO_ROLL_BACK')
  expect(await codeOf(api.client.call(contract.takeDown, { params, body: { destroyData: false } }))).toBe('PLACE_CANNOT')
  expect(await api.client.call(contract.showApp, { params })).toMatchObject({ live: { number: 1, state: 'live' } })
})

test('a key that Render does not know is said before there is an app or a number', async () => {
  await commit('red')
  render.fail('GET /owners', { does: 'answer', status: 401 })
  expect(await codeOf(api.client.call(contract.startRelease, { params, body: body() }))).toBe('RENDER_REFUSED')
  expect(await codeOf(api.client.call(contract.showApp, { params }))).toBe('NOT_FOUND')
})
