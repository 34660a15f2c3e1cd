import { contract } from '@plimsoll/model'
import { withTestServer } from '@plimsoll/store/test-server'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { codeOf, params, startShopOnRender, type ShopOnRender } from './shop-on-render.ts'

const server = withTestServer({ beforeAll, afterAll })
let shop: ShopOnRender

beforeEach(async () => {
  shop = await startShopOnRender(await server.openStore())
})
afterEach(() => shop.close())

test('a release makes what is missing, puts every service live at its commit, and is shown with its public addresses', async () => {
  const first = await shop.commit('red')
  const { release: ended, lines } = await shop.release()
  expect(ended).toMatchObject({ state: 'live', outcome: { is: 'completed' } })
  expect([shop.stand('web'), shop.stand('api')]).toEqual([{ live: first, autoDeploy: 'yes' }, { live: first, autoDeploy: 'yes' }])
  expect(shop.render.service('web').record).toMatchObject({ repo: 'https://github.com/ada/shop' })
  expect(shop.render.service('web').deploys.at(-1)?.environment).toMatchObject({ COLOUR: 'red', API_HOST: 'api', LEVEL: 'info', SESSION_SECRET: expect.any(String) })
  expect(shop.render.service('api').deploys.at(-1)?.environment['DATABASE_URL']).toMatch(/^postgresql:/)
  expect(lines[0]).toContain('not all switch in one instant')
  expect(lines).toContain('plimsoll: STRIPE_KEY of web has no value and is left alone: keep one with Plimsoll as web/STRIPE_KEY, or set it in the dashboard')
  expect(lines.some((line) => line.startsWith('api: ==> build_in_progress'))).toBe(true)
  expect(await shop.api.client.call(contract.showApp, { params })).toMatchObject({
    place: 'render', live: { number: 1 }, services: [{ service: 'web', url: 'https://web.onrender.com', instances: expect.arrayContaining([expect.objectContaining({ state: 'running', unit: expect.objectContaining({ release: 1 }) })]) }, { service: 'api', url: 'https://api.onrender.com' }], resources: [{ name: 'db' }],
  })
})

test('a release of nothing new says so, and the one after a change retires the one before', async () => {
  await shop.commit('red')
  await shop.release()
  const deploys = shop.render.service('web').deploys.length
  expect((await shop.release()).release).toMatchObject({ state: 'unchanged' })
  expect(shop.render.service('web').deploys).toHaveLength(deploys)
  const third = await shop.commit('blue')
  expect((await shop.release()).release).toMatchObject({ number: 3, state: 'live' })
  expect(shop.stand('web')).toMatchObject({ live: third })
  const { releases } = await shop.api.client.call(contract.listReleases, { params })
  expect(releases.map(({ number, state }) => [number, state])).toEqual([[3, 'live'], [2, 'unchanged'], [1, 'retired']])
})

test('when the second service fails the first goes back to what was live, no push deploys it, and that is said', async () => {
  const first = await shop.commit('red')
  await shop.release()
  await shop.commit('blue')
  shop.render.fate('web', 'never healthy')
  const { release: ended, lines } = await shop.release()
  expect(ended).toMatchObject({ state: 'undone', outcome: { is: 'undone', at: 'deploy', problem: { code: 'CANDIDATE_UNHEALTHY' } } })
  expect([shop.stand('web'), shop.stand('api')]).toEqual([{ live: first, autoDeploy: 'no' }, { live: first, autoDeploy: 'no' }])
  expect(lines).toContain('api: Is back on what was live before')
  expect(lines).toContain('api: Its auto-deploy is off now: a push would deploy again what was taken back')
  expect(await shop.api.client.call(contract.showApp, { params })).toMatchObject({ live: { number: 1 } })
})

test('what does not answer where people reach it goes back, the last service first', async () => {
  const first = await shop.commit('red')
  await shop.release()
  await shop.commit('blue')
  shop.verdict = 'fail'
  const { release: ended, lines } = await shop.release()
  expect(ended).toMatchObject({ state: 'undone', outcome: { at: 'check-public', problem: { code: 'CHECKS_FAILED' } } })
  expect([shop.stand('web'), shop.stand('api')]).toMatchObject([{ live: first }, { live: first }])
  expect(lines.filter((line) => line.endsWith('Is back on what was live before'))).toEqual(['web: Is back on what was live before', 'api: Is back on what was live before'])
})

test('going back puts every service on what it ran after the earlier release, with its variables, and no push deploys it', async () => {
  const first = await shop.commit('red')
  await shop.release()
  await shop.commit('blue')
  await shop.release()
  const plan = await shop.api.client.call(contract.describeRollback, { params })
  expect(plan).toMatchObject({ from: 2, to: 1, warm: false, services: [{ service: 'web', is: 'changes' }, { service: 'api', is: 'changes' }], inPlace: { leaves: expect.arrayContaining([expect.stringContaining('Disks')]) } })
  expect(await shop.api.client.call(contract.showApp, { params })).toMatchObject({ live: { number: 2 }, back: 1 })
  const { release: back, lines } = await shop.goBack()
  expect(back).toMatchObject({ number: 3, kind: 'rollback', backTo: 1, state: 'completed', outcome: { is: 'completed' } })
  expect(lines[0]).toContain('Disks')
  expect(lines.filter((line) => line.includes('Is back on')).map((line) => line.split(':')[0])).toEqual(['web', 'api'])
  expect([shop.stand('web'), shop.stand('api')]).toEqual([{ live: first, autoDeploy: 'no' }, { live: first, autoDeploy: 'no' }])
  expect(shop.render.service('web').deploys.at(-1)).toMatchObject({ trigger: 'rollback', environment: { COLOUR: 'red' } })
  const { releases } = await shop.api.client.call(contract.listReleases, { params })
  expect(releases.map(({ number, state }) => [number, state])).toEqual([[3, 'completed'], [2, 'retired'], [1, 'live']])
})

test('one returns from an earlier release the same way, and can name any that was live', async () => {
  await shop.commit('red')
  await shop.release()
  const second = await shop.commit('blue')
  await shop.release()
  await shop.goBack(1)
  expect(await codeOf(shop.goBack(1))).toBe('NOTHING_TO_ROLL_BACK')
  expect(await codeOf(shop.goBack(3))).toBe('NOTHING_TO_ROLL_BACK')
  expect(await codeOf(shop.goBack(9))).toBe('NOT_FOUND')
  expect((await shop.goBack()).release).toMatchObject({ number: 4, backTo: 2, state: 'completed' })
  expect([shop.stand('web'), shop.stand('api')]).toMatchObject([{ live: second }, { live: second }])
  expect(await shop.api.client.call(contract.showApp, { params })).toMatchObject({ live: { number: 2 }, back: 1 })
})

test('where Render shows a deploy no more, going back to it is refused with the commit to release, and nothing is changed', async () => {
  await shop.commit('red')
  await shop.release()
  const second = await shop.commit('blue')
  await shop.release()
  shop.render.service('api').deploys.splice(0, 1)
  expect(await codeOf(shop.api.client.call(contract.describeRollback, { params }))).toBe('NOTHING_TO_ROLL_BACK')
  expect((await shop.goBack()).release).toMatchObject({ state: 'undone', outcome: { at: 'choose-deploys', problem: { code: 'NOTHING_TO_ROLL_BACK', message: expect.stringContaining('api'), hint: expect.stringContaining('git switch --detach') } } })
  expect(shop.stand('web')).toEqual({ live: second, autoDeploy: 'yes' })
  expect(await shop.api.client.call(contract.showApp, { params })).toMatchObject({ live: { number: 2 } })
})

test('a rollback that Render refuses is said with the way out, and one that fails half-way goes forward again', async () => {
  await shop.commit('red')
  await shop.release()
  const second = await shop.commit('blue')
  await shop.release()
  shop.render.fail('POST /services/{serviceId}/rollback', { does: 'answer', status: 404 })
  expect((await shop.goBack()).release).toMatchObject({ state: 'undone', outcome: { at: 'roll-back', problem: { code: 'NOTHING_TO_ROLL_BACK', hint: expect.stringContaining('Release the commit') } } })
  shop.render.fate('api', 'never healthy')
  const { release: back, lines } = await shop.goBack()
  expect(back).toMatchObject({ state: 'undone', outcome: { at: 'roll-back', problem: { code: 'CANDIDATE_UNHEALTHY' } } })
  expect(lines).toContain('web: Is back on what was live before')
  expect([shop.stand('web'), shop.stand('api')]).toEqual([{ live: second, autoDeploy: 'no' }, { live: second, autoDeploy: 'no' }])
  expect(await shop.api.client.call(contract.showApp, { params })).toMatchObject({ live: { number: 2 } })
})

test('a value that is generated is made once, and one that is kept is set, in no line and no journal', async () => {
  await shop.commit('red')
  await shop.release()
  const secret = shop.render.service('web').variables.get('SESSION_SECRET')
  await shop.api.client.call(contract.setValues, { params, body: { values: { 'web/STRIPE_KEY': 'sk_live_hush' } } })
  const { release: ended, lines } = await shop.release()
  expect(ended).toMatchObject({ state: 'live' })
  expect([shop.render.service('web').variables.get('SESSION_SECRET'), shop.render.service('web').variables.get('STRIPE_KEY')]).toEqual([secret, 'sk_live_hush'])
  expect(lines).toContain('plimsoll: adds STRIPE_KEY of web')
  const told = JSON.stringify([lines, await shop.api.client.call(contract.showRelease, { params: { ...params, release: ended.number } })])
  expect(told).not.toContain('sk_live_hush')
  expect(told).not.toContain(secret)
})

test('whoever looks again and again asks Render once in a while', async () => {
  await shop.commit('red')
  await shop.release()
  const look = () => shop.api.client.call(contract.showApp, { params })
  const first = await look()
  const sent = shop.render.requests.length
  expect(await look()).toEqual(first)
  expect(shop.render.requests).toHaveLength(sent)
})

test('a preview tells every request with its secrets removed, and sends none of them', async () => {
  await shop.commit('red')
  await shop.release()
  await shop.commit('blue')
  await shop.api.client.call(contract.setValues, { params, body: { values: { 'web/STRIPE_KEY': 'sk_live_hush' } } })
  const sent = shop.render.requests.length
  const preview = await shop.api.client.call(contract.previewInPlace, { params, body: { source: shop.body().source } })
  expect(preview.changes).toEqual(['changes COLOUR of web', 'adds STRIPE_KEY of web'])
  expect(preview.requests.map(({ method, path }) => `${method} ${path.replace(/srv-\w+/, 'ID')}`)).toEqual([
    'PUT /services/ID/env-vars/COLOUR', 'PUT /services/ID/env-vars/STRIPE_KEY', 'POST /services/ID/deploys', 'POST /services/ID/deploys',
  ])
  expect(JSON.stringify(preview)).not.toMatch(/hush|blue/)
  expect(shop.render.requests.slice(sent).filter((request) => !request.startsWith('GET'))).toEqual([])
})

test('what such a place cannot do is refused before anything is begun', async () => {
  await shop.commit('red')
  await shop.release()
  const start = (more: object) => shop.api.client.call(contract.startRelease, { params, body: { ...shop.body(), ...more } })
  expect(await codeOf(start({ pause: true }))).toBe('PLACE_CANNOT')
  expect(await codeOf(start({ canary: [{ share: 0.1, forMs: 1000 }] }))).toBe('PLACE_CANNOT')
  expect(await codeOf(shop.api.client.call(contract.rollBack, { params, body: {} }))).toBe('NOTHING_TO_ROLL_BACK')
  expect(await codeOf(shop.api.client.call(contract.takeDown, { params, body: { destroyData: false } }))).toBe('PLACE_CANNOT')
  expect(await shop.api.client.call(contract.showApp, { params })).toMatchObject({ live: { number: 1, state: 'live' } })
})

test('a key that Render does not know is said before there is an app or a number', async () => {
  await shop.commit('red')
  shop.render.fail('GET /owners', { does: 'answer', status: 401 })
  expect(await codeOf(shop.api.client.call(contract.startRelease, { params, body: shop.body() }))).toBe('RENDER_REFUSED')
  expect(await codeOf(shop.api.client.call(contract.showApp, { params }))).toBe('NOT_FOUND')
})
