import { expect, test } from 'vitest'
import type { DeployStatus } from './fake-render/world.ts'
import { deployEnds, liveService, never, renderLab, seededRandom, webService, type RenderLab } from './render-lab.ts'

const digest = `sha256:${'a'.repeat(64)}`

test('a deploy goes through what it has to, and the one before it serves a minute longer', async () => {
  const lab = await renderLab()
  const { api, clock, fake } = lab
  const serviceId = await liveService(lab)
  await api.services.update(serviceId, { serviceDetails: { preDeployCommand: 'migrate' } }, never)
  const deploy = await api.deploys.create(serviceId, { commitId: 'abc', clearCache: true }, never)
  expect(deploy).toMatchObject({ status: 'created', trigger: 'api', commit: { id: 'abc' } })
  expect(await deployEnds(lab, { serviceId, deployId: deploy.id })).toEqual(['created', 'build_in_progress', 'pre_deploy_in_progress', 'update_in_progress', 'live'])
  const statuses = async () => (await api.deploys.list(serviceId, {}, never)).map(({ status }) => status)
  expect(await statuses()).toEqual(['live', 'live'])
  expect(await api.services.instances(serviceId, never)).toHaveLength(2)
  await clock.advance(60_000)
  expect(await statuses()).toEqual(['live', 'deactivated'])
  expect(fake.service('web').deploys).toHaveLength(2)
})

test('what a deploy goes through is told by events, newest first, and one that went well has no reason to fail', async () => {
  const lab = await renderLab()
  const serviceId = await liveService(lab)
  await lab.api.services.update(serviceId, { serviceDetails: { preDeployCommand: 'migrate' } }, never)
  const startTime = new Date(lab.clock.now() + 1).toISOString()
  const { id: deployId } = await lab.api.deploys.create(serviceId, {}, never)
  await deployEnds(lab, { serviceId, deployId })
  expect((await lab.api.events.list({ serviceId, startTime }, never)).map(({ type }) => type)).toEqual(['deploy_ended', 'pre_deploy_ended', 'pre_deploy_started', 'build_ended', 'build_started', 'deploy_started'])
  expect(await lab.api.events.whyFailed({ serviceId, deployId }, never)).toBeUndefined()
})

test('an image is deployed by its digest, without a build', async () => {
  const lab = await renderLab()
  const { ownerId } = lab.fake
  const { service: { id: serviceId } } = await lab.api.services.create({ type: 'web_service', name: 'web', ownerId, image: { ownerId, imagePath: 'ghcr.io/acme/web:1' }, serviceDetails: { runtime: 'image' } }, never)
  await lab.clock.advance(60_000)
  const { id: deployId, image } = await lab.api.deploys.create(serviceId, { imageUrl: `ghcr.io/acme/web@${digest}` }, never)
  expect(image).toEqual({ ref: `ghcr.io/acme/web@${digest}`, sha: digest })
  expect(await deployEnds(lab, { serviceId, deployId })).toEqual(['created', 'update_in_progress', 'live'])
  await expect(lab.api.deploys.create(serviceId, { imageUrl: 'ghcr.io/other/web:1' }, never)).rejects.toMatchObject({ code: 'RENDER_REFUSED' })
})

test.each([
  ['build fails', ['created', 'build_in_progress', 'build_failed'], 62, 'a command ended with exit status 1'],
  ['pre-deploy fails', ['created', 'build_in_progress', 'pre_deploy_in_progress', 'pre_deploy_failed'], 72, 'a command ended with exit status 1'],
  ['never healthy', ['created', 'build_in_progress', 'pre_deploy_in_progress', 'update_in_progress', 'update_failed'], 72 + 15 * 60, 'it was not healthy: HTTP health check failed (timed out after 5 seconds)'],
] as const)('a deploy that ends as “%s” ends in time and says why, and what is live stays live', async (...[fate, statuses, seconds, why]) => {
  const lab = await renderLab()
  const { api, clock, fake } = lab
  const serviceId = await liveService(lab)
  await api.services.update(serviceId, { serviceDetails: { preDeployCommand: 'migrate' } }, never)
  fake.fate('web', fate)
  const began = clock.now()
  const { id: deployId } = await api.deploys.create(serviceId, {}, never)
  expect(await deployEnds(lab, { serviceId, deployId })).toEqual(statuses)
  expect(Math.round((clock.now() - began) / 1000)).toBe(seconds)
  expect(await api.events.whyFailed({ serviceId, deployId }, never)).toBe(why)
  expect((await api.deploys.list(serviceId, { statuses: ['live'] }, never)).map(({ id }) => id)).toEqual([fake.service('web').deploys[0]?.id])
})

test('a deploy that another supersedes is canceled, and the other goes live', async () => {
  const lab = await renderLab()
  const serviceId = await liveService(lab)
  lab.fake.fate('web', 'superseded')
  const { id: deployId } = await lab.api.deploys.create(serviceId, {}, never)
  expect(await deployEnds(lab, { serviceId, deployId })).toEqual(['created', 'build_in_progress', 'canceled'])
  await lab.clock.advance(90_000)
  expect((await lab.api.deploys.list(serviceId, { mostRecent: 1 }, never))[0]).toMatchObject({ trigger: 'manual', status: 'live' })
})

test('with the older policy a deploy ends the one that is under way', async () => {
  const lab = await renderLab({ overlap: 'override' })
  const serviceId = await liveService(lab)
  const first = await lab.api.deploys.create(serviceId, {}, never)
  const second = await lab.api.deploys.create(serviceId, {}, never)
  expect(await deployEnds(lab, { serviceId, deployId: first.id })).toEqual(['canceled'])
  expect((await deployEnds(lab, { serviceId, deployId: second.id })).at(-1)).toBe('live')
})

test('a deploy that is queued behind another is found, also when Render shows it late', async () => {
  const lab = await renderLab({ paces: { queuedHidden: 20_000 } })
  const serviceId = await liveService(lab)
  lab.fake.push('web', 'theirs')
  const deploy = await lab.api.deploys.create(serviceId, { commitId: 'ours' }, never)
  expect(deploy).toMatchObject({ status: 'queued', trigger: 'api', commit: { id: 'ours' } })
  expect((await deployEnds(lab, { serviceId, deployId: deploy.id })).slice(0, 2)).toEqual(['queued', 'created'])
})

test('a deploy that Render has taken and does not show within a minute is told as that', async () => {
  const lab = await renderLab({ paces: { queuedHidden: 120_000, build: 600_000 } })
  const serviceId = await liveService(lab)
  lab.fake.push('web', 'theirs')
  await expect(lab.api.deploys.create(serviceId, {}, never)).rejects.toMatchObject({ code: 'RENDER_DOWN', message: expect.stringContaining('within 60 s') })
})

test('an auto-deploy that races in is not taken for ours', async () => {
  const lab = await renderLab()
  const serviceId = await liveService(lab)
  lab.fake.fail('POST /services/{serviceId}/deploys', { does: 'precede', by: () => lab.fake.push('web', 'theirs') })
  const deploy = await lab.api.deploys.create(serviceId, { commitId: 'ours' }, never)
  expect(deploy).toMatchObject({ trigger: 'api', commit: { id: 'ours' }, status: 'queued' })
})

test('an auto-deploy that takes the place of ours in the queue is not taken for ours', async () => {
  const lab = await renderLab()
  const serviceId = await liveService(lab)
  lab.fake.push('web', 'theirs')
  lab.fake.fail('GET /services/{serviceId}/deploys', { does: 'delay', ms: 0 })
  lab.fake.fail('GET /services/{serviceId}/deploys', { does: 'precede', by: () => lab.fake.push('web', 'theirs too') })
  expect(await lab.api.deploys.create(serviceId, {}, never)).toMatchObject({ trigger: 'api', status: 'canceled' })
})

test('a deploy is canceled once, and what is over says how it ended', async () => {
  const lab = await renderLab()
  const serviceId = await liveService(lab)
  const { id: deployId } = await lab.api.deploys.create(serviceId, {}, never)
  expect(await lab.api.deploys.cancel({ serviceId, deployId }, never)).toMatchObject({ id: deployId, status: 'canceled' })
  expect(await lab.api.deploys.cancel({ serviceId, deployId }, never)).toMatchObject({ status: 'canceled' })
  expect(lab.fake.requests.filter((each) => each.endsWith('/cancel'))).toHaveLength(1)
})

test('a rollback is a new deploy with the variables of then, and leaves auto-deploy on', async () => {
  const lab = await renderLab()
  const { api, fake } = lab
  const serviceId = await liveService(lab)
  await api.variables.put({ serviceId, key: 'A' }, { value: 'new' }, never)
  const [first] = await api.deploys.list(serviceId, {}, never)
  const { id } = await api.deploys.create(serviceId, { commitId: 'abc' }, never)
  await deployEnds(lab, { serviceId, deployId: id })
  const back = await api.deploys.rollBack({ serviceId, deployId: first?.id ?? '' }, never)
  expect(back).toMatchObject({ trigger: 'rollback', commit: { id: first?.commit?.id } })
  expect(await deployEnds(lab, { serviceId, deployId: back.id })).toEqual(['created', 'update_in_progress', 'live'])
  expect(fake.service('web').deploys.map(({ environment }) => environment)).toEqual([{}, { A: 'new' }, {}])
  expect(await api.services.get(serviceId, never)).toMatchObject({ autoDeploy: 'yes' })
})

test('however many deploys are asked for at once, each is one of its own, one at a time is under way, and the last one asked for is live in the end', async () => {
  const random = seededRandom(7)
  for (let round = 0; round < 8; round += 1) {
    const lab = await renderLab({ paces: { build: 1_000 + Math.floor(random() * 60_000), queuedHidden: Math.floor(random() * 10_000) } })
    const { service: { id: serviceId } } = await lab.api.services.create(webService(lab), never)
    const count = 2 + Math.floor(random() * 5)
    // In every second round nothing but the order of the calls tells the deploys apart.
    const wishes = Array.from({ length: count }, (_, index) => (round % 2 === 0 ? { commitId: `c${index}` } : {}))
    for (let lost = Math.floor(random() * 3); lost > 0; lost -= 1) lab.fake.fail('POST /services/{serviceId}/deploys', { does: 'drop', when: random() < 0.5 ? 'before' : 'after' })
    const deploys = await Promise.all(wishes.map((wish) => lab.api.deploys.create(serviceId, wish, never)))
    expect(deploys.map(({ commit }) => commit?.id)).toEqual(wishes.map(({ commitId = 'c0ffee' }) => commitId))
    expect(await mostAtOnce(lab)).toBe(1)
    const [, ...ours] = lab.fake.service('web').deploys
    expect(deploys.map(({ id }) => id)).toEqual(ours.map(({ id }) => id))
    expect(ours.at(-1)?.status).toBe('live')
  }
})

/** How many deploys of `web` are under way at the same time, at most, until none is. */
async function mostAtOnce({ fake, clock }: RenderLab): Promise<number> {
  const underWay: readonly DeployStatus[] = ['created', 'build_in_progress', 'pre_deploy_in_progress', 'update_in_progress']
  for (let most = 0; ;) {
    const { deploys } = fake.service('web')
    const now = deploys.filter(({ status }) => underWay.includes(status)).length
    most = Math.max(most, now)
    if (now === 0 && !deploys.some(({ status }) => status === 'queued')) return most
    await clock.advance(500)
  }
}
