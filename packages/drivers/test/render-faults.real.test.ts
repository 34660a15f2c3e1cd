import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { manualClock } from '@plimsoll/engine/fakes'
import { describe, expect, test } from 'vitest'
import type { RenderApi } from '../src/render/render.ts'
import type { Fault } from './fake-render/fake-render.ts'
import { cronJob, liveService, never, renderLab, webService, type RenderLab } from './render-lab.ts'

const passing: readonly (readonly [string, Fault])[] = [
  ...[429, 500, 502, 503, 504].map((status) => [`an answer ${status}`, { does: 'answer', status }] as const),
  ['a connection that ends', { does: 'drop', when: 'before' }],
]

test.each(passing)('what only reads is asked again after %s', async (_, fault) => {
  const { api, fake } = await renderLab()
  fake.fail('GET /owners', fault, 3)
  expect(await api.owners.list(never)).toHaveLength(1)
  expect(fake.requests).toHaveLength(4)
})

test.each(passing)('what may be done twice is done again after %s', async (_, fault) => {
  const lab = await renderLab()
  const serviceId = await liveService(lab)
  for (const on of ['PATCH /services/{serviceId}', 'PUT /services/{serviceId}/env-vars/{envVarKey}', 'DELETE /services/{serviceId}/env-vars/{envVarKey}', 'POST /services/{serviceId}/suspend']) lab.fake.fail(on, fault)
  await lab.api.services.update(serviceId, { autoDeploy: 'no' }, never)
  await lab.api.variables.put({ serviceId, key: 'A' }, { value: '1' }, never)
  await lab.api.variables.delete({ serviceId, key: 'A' }, never)
  await lab.api.services.suspend(serviceId, never)
  expect(lab.fake.service('web')).toMatchObject({ record: { autoDeploy: 'no' }, variables: new Map(), suspended: true })
})

test('deleting what a lost answer has deleted already succeeds', async () => {
  const lab = await renderLab()
  const serviceId = await liveService(lab)
  await lab.api.variables.put({ serviceId, key: 'A' }, { value: '1' }, never)
  lab.fake.fail('DELETE /services/{serviceId}/env-vars/{envVarKey}', { does: 'drop', when: 'after' })
  await lab.api.variables.delete({ serviceId, key: 'A' }, never)
  expect(await lab.api.variables.list(serviceId, never)).toEqual([])
})

interface Creating {
  readonly on: string
  readonly create: (api: RenderApi, serviceId: string, ownerId: string) => Promise<{ readonly id: string }>
  /** Ids of all there are. */
  readonly ids: (lab: RenderLab) => readonly string[]
}

const creations: readonly (readonly [string, Creating])[] = [
  ['service', {
    on: 'POST /services', ids: ({ fake }) => fake.world.services.filter(({ name }) => name === 'new').map(({ id }) => id),
    create: async (api, _, ownerId) => (await api.services.create({ type: 'static_site', name: 'new', ownerId, repo: 'r' }, never)).service,
  }],
  ['deploy', { on: 'POST /services/{serviceId}/deploys', ids: ({ fake }) => fake.service('web').deploys.slice(1).map(({ id }) => id), create: (api, id) => api.deploys.create(id, { commitId: 'abc' }, never) }],
  ['rollback', {
    on: 'POST /services/{serviceId}/rollback', ids: ({ fake }) => fake.service('web').deploys.slice(1).map(({ id }) => id),
    create: async (api, id) => api.deploys.rollBack({ serviceId: id, deployId: (await api.deploys.list(id, {}, never))[0]?.id ?? '' }, never),
  }],
  ['job', { on: 'POST /services/{serviceId}/jobs', ids: ({ fake }) => fake.service('web').jobs.map(({ id }) => id), create: (api, serviceId) => api.jobs.create({ serviceId, startCommand: 'migrate' }, never) }],
  ['database', { on: 'POST /postgres', ids: ({ fake }) => fake.world.stores.map(({ id }) => id), create: (api, _, ownerId) => api.databases.create({ name: 'db', ownerId, plan: 'starter', version: '18' }, never) }],
  ['key-value service', { on: 'POST /key-value', ids: ({ fake }) => fake.world.stores.map(({ id }) => id), create: (api, _, ownerId) => api.keyValues.create({ name: 'kv', ownerId, plan: 'starter' }, never) }],
  ['group', { on: 'POST /env-groups', ids: ({ fake }) => fake.world.groups.map(({ id }) => id), create: (api, _, ownerId) => api.groups.create({ name: 'all', ownerId, envVars: [] }, never) }],
]

const losses: readonly (readonly [string, Fault])[] = [
  ['whose connection ends before it is taken', { does: 'drop', when: 'before' }],
  ['whose connection ends after it was taken', { does: 'drop', when: 'after' }],
  ['that is taken and answered with 500', { does: 'answer', status: 500, when: 'after' }],
  ['that is taken and answered with 502 by a gateway', { does: 'answer', status: 502, when: 'after' }],
  ['that is refused with 429', { does: 'answer', status: 429 }],
]

describe.each(creations)('a %s', (_, { on, create, ids }) => {
  test.each(losses)('%s is there once', async (__, fault) => {
    const lab = await renderLab()
    const serviceId = await liveService(lab)
    lab.fake.fail(on, fault, 2)
    const created = await create(lab.api, serviceId, lab.fake.ownerId)
    expect(ids(lab)).toEqual([created.id])
  })
})

test('what takes Render longer than is waited for an answer is there once', async () => {
  const lab = await renderLab()
  const serviceId = await liveService(lab)
  let isFirst = true
  const impatient = lab.client({
    answerMs: 300,
    fetch: async (url, init) => {
      const response = await fetch(url, init)
      if (init.method !== 'POST' || !isFirst) return response
      isFirst = false
      return new Promise((_, reject) => init.signal?.addEventListener('abort', () => reject(init.signal?.reason)))
    },
  })
  const { id } = await impatient.deploys.create(serviceId, {}, never)
  expect(lab.fake.service('web').deploys.slice(1).map((deploy) => deploy.id)).toEqual([id])
})

test('a cron run whose answer is lost is not run again, and nobody says that it was', async () => {
  const lab = await renderLab()
  const { service } = await lab.api.services.create(cronJob(lab), never)
  lab.fake.fail('POST /cron-jobs/{cronJobId}/runs', { does: 'drop', when: 'after' })
  await expect(lab.api.jobs.runCron(service.id, never)).rejects.toMatchObject({ code: 'RENDER_DOWN' })
  expect(lab.fake.service('nightly').runs).toHaveLength(1)
  lab.fake.fail('POST /cron-jobs/{cronJobId}/runs', { does: 'answer', status: 429 })
  await lab.api.jobs.runCron(service.id, never)
  expect(lab.fake.service('nightly').runs).toHaveLength(2)
})

test('a cancel whose answer is lost is told by what became of the deploy', async () => {
  const lab = await renderLab()
  const serviceId = await liveService(lab)
  const { id: deployId } = await lab.api.deploys.create(serviceId, {}, never)
  lab.fake.fail('POST /services/{serviceId}/deploys/{deployId}/cancel', { does: 'drop', when: 'after' })
  expect(await lab.api.deploys.cancel({ serviceId, deployId }, never)).toMatchObject({ status: 'canceled' })
})

test.each([
  [400, 'RENDER_REFUSED'], [401, 'RENDER_REFUSED'], [402, 'PLACE_CANNOT'], [403, 'RENDER_REFUSED'], [404, 'RENDER_REFUSED'], [406, 'RENDER_REFUSED'], [409, 'RENDER_REFUSED'], [410, 'RENDER_REFUSED'], [307, 'RENDER_REFUSED'],
])('an answer %i is told as %s in Render’s words, once', async (status, code) => {
  const lab = await renderLab()
  lab.fake.fail('POST /services', { does: 'answer', status, headers: { location: `${lab.fake.base}/owners` } })
  await expect(lab.api.services.create(webService(lab), never)).rejects.toMatchObject({ code, message: expect.stringMatching(/create the service web.*as the test wants it/), hint: expect.any(String), details: { status, requestId: 'req-fake' } })
  expect(lab.fake.requests.filter((each) => each.startsWith('POST'))).toHaveLength(1)
})

test('a key that Render does not know is told, and is not shown', async () => {
  const lab = await renderLab()
  const failure: unknown = await lab.client({ key: 'rnd_wrong' }).owners.list(never).catch((error: unknown) => error)
  expect(failure).toMatchObject({ code: 'RENDER_REFUSED', hint: expect.stringContaining('RENDER_API_KEY') })
  expect(JSON.stringify(failure)).not.toContain('rnd_wrong')
})

test.each([['<html>Sign in to this network</html>', 'no JSON'], ['[{"cursor":"x","owner":{"id":1}}]', 'owner.id']])('an answer that is not Render’s is told as that: %s', async (text, why) => {
  const { api, fake } = await renderLab()
  fake.fail('GET /owners', { does: 'garble', text })
  await expect(api.owners.list(never)).rejects.toMatchObject({ code: 'RENDER_DOWN', message: expect.stringContaining(why) })
})

test('a Render that takes questions and answers none is told as silent', async () => {
  const lab = await renderLab({ clock: manualClock() })
  lab.fake.fail('POST /cron-jobs/{cronJobId}/runs', { does: 'delay', ms: 1_000_000 })
  const { service } = await lab.api.services.create(cronJob(lab), never)
  await expect(lab.client({ answerMs: 100 }).jobs.runCron(service.id, never)).rejects.toMatchObject({ code: 'RENDER_DOWN', message: expect.stringContaining('did not answer within 0.1 s') })
})

test('a Render that stays unwell is given up after seven tries, with what it said', async () => {
  const { api, fake } = await renderLab()
  fake.fail('GET /owners', { does: 'answer', status: 503 }, 100)
  await expect(api.owners.list(never)).rejects.toMatchObject({ code: 'RENDER_DOWN', message: expect.stringContaining('503: as the test wants it') })
  expect(fake.requests).toHaveLength(7)
})

test('a Render that is not there is given up with the reason, and also what is done once is tried again: it was never taken', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  const lab = await renderLab()
  let tries = 0
  const lost = lab.client({ base: `http://127.0.0.1:${port}/v1`, fetch: (url, init) => {
    tries += 1
    return fetch(url, init)
  } })
  await expect(lost.jobs.runCron('crn-x', never)).rejects.toMatchObject({ code: 'RENDER_DOWN', message: expect.stringContaining('ECONNREFUSED') })
  expect(tries).toBe(7)
})

describe('every wait ends with its signal:', () => {
  const reason = new Error('enough')

  test('the one for an answer', async () => {
    const clock = manualClock()
    const lab = await renderLab({ clock })
    lab.fake.fail('GET /owners', { does: 'delay', ms: 1_000_000 })
    const abort = new AbortController()
    const asked = lab.client({ clock }).owners.list(abort.signal)
    await expect.poll(() => clock.sleepers).toBe(1)
    abort.abort(reason)
    await expect(asked).rejects.toBe(reason)
  })

  test('the one for an answer to what is done once', async () => {
    const clock = manualClock()
    const lab = await renderLab({ clock })
    const { service } = await lab.client({ clock }).services.create(cronJob(lab), never)
    lab.fake.fail('POST /cron-jobs/{cronJobId}/runs', { does: 'delay', ms: 1_000_000 })
    const abort = new AbortController()
    const asked = lab.client({ clock }).jobs.runCron(service.id, abort.signal)
    await expect.poll(() => clock.sleepers).toBe(1)
    abort.abort(reason)
    await expect(asked).rejects.toBe(reason)
  })

  test('the one for Render to get well', async () => {
    const clock = manualClock()
    const lab = await renderLab()
    lab.fake.fail('GET /owners', { does: 'answer', status: 503 })
    const abort = new AbortController()
    const asked = lab.client({ clock }).owners.list(abort.signal)
    await expect.poll(() => clock.sleepers).toBe(1)
    abort.abort(reason)
    await expect(asked).rejects.toBe(reason)
  })

  test('the one for a turn behind another creation, which goes on', async () => {
    const clock = manualClock()
    const lab = await renderLab()
    const serviceId = await liveService(lab)
    const api = lab.client({ clock })
    lab.fake.fail('POST /services/{serviceId}/deploys', { does: 'answer', status: 429 })
    const first = api.deploys.create(serviceId, {}, never)
    await expect.poll(() => clock.sleepers).toBe(1)
    const abort = new AbortController()
    const second = api.deploys.create(serviceId, {}, abort.signal)
    abort.abort(reason)
    await expect(second).rejects.toBe(reason)
    const third = api.deploys.create(serviceId, {}, never)
    // Time enough for the third to be sent, if it did not wait for the first.
    for (let round = 0; round < 5; round += 1) await lab.api.owners.list(never)
    expect(lab.fake.requests.filter((each) => each.startsWith('POST') && each.endsWith('/deploys'))).toHaveLength(1)
    await clock.advance(60_000)
    expect((await first).id).not.toBe((await third).id)
  })

  test('and nothing is asked with one that has fired', async () => {
    const { api, fake } = await renderLab()
    await expect(api.owners.list(AbortSignal.abort(reason))).rejects.toBe(reason)
    expect(fake.requests).toEqual([])
  })
})
