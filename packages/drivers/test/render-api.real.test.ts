import { expect, test } from 'vitest'
import { whyNoOpenApi } from './fake-render/fake-render.ts'
import { cronJob, deployEnds, liveService, never, renderLab, webService } from './render-lab.ts'

test('the workspaces of a key are listed', async () => {
  const { api, fake } = await renderLab()
  expect(await api.owners.list(never)).toEqual([{ id: fake.ownerId, name: 'Acme', type: 'team' }])
})

test('a service is created with a first deploy, found by name and workspace, and changed in what is named alone', async () => {
  const lab = await renderLab()
  const { api, fake } = lab
  const { service, deployId } = await api.services.create({ ...webService(lab), envVars: [{ key: 'A', value: '1' }, { key: 'B', generateValue: true }] }, never)
  await api.services.create(webService(lab, 'other'), never)
  expect(deployId).toBe(fake.service('web').deploys[0]?.id)
  expect(await api.services.list({ name: 'web', ownerId: fake.ownerId, types: ['web_service', 'cron_job'] }, never)).toEqual([service])
  const changed = await api.services.update(service.id, { autoDeploy: 'no', serviceDetails: { healthCheckPath: '/health', preDeployCommand: 'migrate' } }, never)
  expect(changed).toMatchObject({ autoDeploy: 'no', branch: 'main', serviceDetails: { healthCheckPath: '/health', plan: 'starter', envSpecificDetails: { startCommand: 'node server.js', preDeployCommand: 'migrate' } } })
  expect(await api.services.get(service.id, never)).toEqual(changed)
  expect(fake.service('web').deploys).toHaveLength(1)
})

test('what is not there is undefined, and no failure', async () => {
  const { api } = await renderLab()
  expect(await Promise.all([
    api.services.get('srv-x', never), api.deploys.get({ serviceId: 'srv-x', deployId: 'dep-x' }, never), api.databases.get('dpg-x', never),
    api.keyValues.connection('red-x', never), api.groups.get('evg-x', never), api.jobs.get({ serviceId: 'srv-x', jobId: 'job-x' }, never),
  ])).toEqual(Array.from({ length: 6 }))
})

test('a service of every type is created as Render’s document wants it', async () => {
  const lab = await renderLab()
  const { ownerId } = lab.fake
  const repo = { ownerId, repo: 'https://github.com/acme/shop' } as const
  const commands = { buildCommand: 'b', startCommand: 's' }
  await lab.api.services.create({ ...repo, type: 'static_site', name: 'help', serviceDetails: { buildCommand: 'b', publishPath: 'dist' } }, never)
  await lab.api.services.create({ ...repo, type: 'private_service', name: 'api', serviceDetails: { runtime: 'node', plan: 'standard', numInstances: 2, preDeployCommand: 'migrate', disk: { name: 'd', mountPath: '/data', sizeGB: 10 }, envSpecificDetails: commands } }, never)
  await lab.api.services.create({ ...repo, type: 'background_worker', name: 'worker', serviceDetails: { runtime: 'docker', envSpecificDetails: { dockerfilePath: './Dockerfile' } } }, never)
  await lab.api.services.create({ ...repo, type: 'cron_job', name: 'nightly', serviceDetails: { runtime: 'node', schedule: '0 3 * * *', envSpecificDetails: commands } }, never)
  await lab.api.services.create({ ownerId, type: 'web_service', name: 'image', image: { ownerId, imagePath: 'ghcr.io/acme/web:1' }, serviceDetails: { runtime: 'image' } }, never)
  expect((await lab.api.services.list({}, never)).map(({ type, serviceDetails: { url } }) => [type, url])).toEqual([
    ['static_site', 'https://help.onrender.com'], ['private_service', 'api:10000'], ['background_worker', undefined], ['cron_job', undefined], ['web_service', 'https://image.onrender.com'],
  ])
})

test('lists are read to their end, page by page', async () => {
  const lab = await renderLab()
  const id = await liveService(lab)
  const keys = Array.from({ length: 250 }, (_, index) => `KEY_${index}`)
  for (const key of keys) lab.fake.service('web').variables.set(key, 'x')
  expect((await lab.api.variables.list(id, never)).map(({ key }) => key)).toEqual(keys)
  expect(lab.fake.requests.filter((each) => each.includes('env-vars'))).toHaveLength(3)
})

test('one variable is set or deleted, and the others stay', async () => {
  const lab = await renderLab()
  const serviceId = await liveService(lab)
  await lab.api.variables.put({ serviceId, key: 'A' }, { value: '1' }, never)
  await lab.api.variables.put({ serviceId, key: 'B' }, { generateValue: true }, never)
  await lab.api.variables.put({ serviceId, key: 'A' }, { value: '2' }, never)
  await lab.api.variables.delete({ serviceId, key: 'B' }, never)
  await lab.api.variables.delete({ serviceId, key: 'B' }, never)
  expect(await lab.api.variables.list(serviceId, never)).toEqual([{ key: 'A', value: '2' }])
})

test('a group is created, filled and linked, and its variables reach the next deploy of the service', async () => {
  const lab = await renderLab()
  const { api, fake } = lab
  const serviceId = await liveService(lab)
  const { id: groupId } = await api.groups.create({ name: 'all', ownerId: fake.ownerId, envVars: [{ key: 'A', value: '1' }] }, never)
  await api.groups.put({ groupId, key: 'B' }, { value: '2' }, never)
  await api.groups.delete({ groupId, key: 'A' }, never)
  await api.groups.link({ groupId, serviceId }, never)
  await api.groups.link({ groupId, serviceId }, never)
  expect(await api.groups.get(groupId, never)).toMatchObject({ envVars: [{ key: 'B', value: '2' }], serviceLinks: [{ id: serviceId, name: 'web' }] })
  expect((await api.groups.list({ name: 'all', ownerId: fake.ownerId }, never)).map(({ id }) => id)).toEqual([groupId])
  const { id: deployId } = await api.deploys.create(serviceId, {}, never)
  await deployEnds(lab, { serviceId, deployId })
  expect(fake.service('web').deploys.at(-1)?.environment).toEqual({ B: '2' })
})

test('databases and key-value services are created, become available, and say how they are reached', async () => {
  const { api, fake, clock } = await renderLab()
  const { ownerId } = fake
  const database = await api.databases.create({ name: 'db', ownerId, plan: 'starter', version: '18', region: 'frankfurt', databaseName: 'shop', ipAllowList: [] }, never)
  const cache = await api.keyValues.create({ name: 'kv', ownerId, plan: 'starter', maxmemoryPolicy: 'noeviction' }, never)
  expect([database.status, cache.status]).toEqual(['creating', 'creating'])
  await clock.advance(30_000)
  expect((await api.databases.list({ name: 'db', ownerId }, never)).map(({ status }) => status)).toEqual(['available'])
  expect((await api.keyValues.list({ name: 'kv', ownerId }, never)).map(({ id }) => id)).toEqual([cache.id])
  expect(await api.databases.update(database.id, { plan: 'standard' }, never)).toMatchObject({ plan: 'standard', databaseName: 'shop', version: '18' })
  expect(await api.keyValues.update(cache.id, { maxmemoryPolicy: 'allkeys_lru' }, never)).toMatchObject({ options: { maxmemoryPolicy: 'allkeys_lru' } })
  expect((await api.databases.connection(database.id, never))?.internalConnectionString).toBe(`postgresql://db:password-of-db@${database.id}/shop`)
  expect((await api.keyValues.connection(cache.id, never))?.internalConnectionString).toBe(`redis://${cache.id}:6379`)
})

test('jobs run once and say how they ended; a cron job runs when it is told', async () => {
  const lab = await renderLab()
  const { api, fake, clock } = lab
  const serviceId = await liveService(lab)
  const job = await api.jobs.create({ serviceId, startCommand: 'migrate' }, never)
  const failing = await api.jobs.create({ serviceId, startCommand: 'false' }, never)
  await clock.advance(5_000)
  expect([await api.jobs.get({ serviceId, jobId: job.id }, never), await api.jobs.get({ serviceId, jobId: failing.id }, never)]).toMatchObject([{ status: 'succeeded' }, { status: 'failed' }])
  const { service } = await api.services.create(cronJob(lab), never)
  await api.jobs.runCron(service.id, never)
  await api.jobs.runCron(service.id, never)
  expect(fake.service('nightly').runs.map(({ status }) => status)).toEqual(['canceled', 'pending'])
})

test('logs are read to their end in either direction, each line once', async () => {
  const lab = await renderLab()
  const id = await liveService(lab)
  const { world, ownerId } = lab.fake
  const now = lab.clock.now()
  world.logs.push(...Array.from({ length: 250 }, (_, index) => ({ id: `log-${index}`, resource: id, type: 'app' as const, at: now - 250 + Math.floor(index / 2), message: `line ${index}` })))
  const read = async (direction: 'forward' | 'backward') => {
    const messages: string[] = []
    for await (const { message } of lab.api.logs.lines({ ownerId, resources: [id], types: ['app'], direction }, never)) if (message.startsWith('line')) messages.push(message)
    return messages
  }
  const all = Array.from({ length: 250 }, (_, index) => `line ${index}`)
  expect(await read('forward')).toEqual(all)
  expect((await read('backward')).toSorted()).toEqual(all.toSorted())
  const { logs } = await lab.api.logs.page({ ownerId, resources: [id], types: ['build'], limit: 1 }, never)
  expect(logs.map(({ message }) => message)).toEqual([expect.stringContaining('build_in_progress')])
})

test('routes and headers of a site are replaced as a whole, in their order; its domains are listed', async () => {
  const { api, fake } = await renderLab()
  const { service: { id } } = await api.services.create({ type: 'static_site', name: 'help', ownerId: fake.ownerId, repo: 'r', serviceDetails: { buildCommand: 'b', publishPath: 'dist' } }, never)
  const routes = [{ type: 'redirect', source: '/a', destination: '/b' }, { type: 'rewrite', source: '/*', destination: '/index.html' }] as const
  const headers = [{ path: '/*', name: 'X-Frame-Options', value: 'DENY' }]
  await api.sites.setRoutes(id, routes.slice(1), never)
  await api.sites.setRoutes(id, routes, never)
  await api.sites.setHeaders(id, headers, never)
  fake.service('help').domains.push({ name: 'help.acme.example', isVerified: true })
  expect(await api.sites.routes(id, never)).toEqual(routes)
  expect(await api.sites.headers(id, never)).toEqual(headers)
  expect((await api.sites.domains(id, never)).map(({ name }) => name)).toEqual(['help.acme.example'])
})

test('a service runs as many instances as it is told, and none while it is suspended', async () => {
  const lab = await renderLab()
  const id = await liveService(lab)
  await lab.api.services.scale(id, 3, never)
  expect(await lab.api.services.instances(id, never)).toHaveLength(3)
  await lab.api.services.suspend(id, never)
  await lab.api.services.suspend(id, never)
  expect(await lab.api.services.instances(id, never)).toEqual([])
  await lab.api.services.resume(id, never)
  expect((await lab.api.deploys.list(id, {}, never)).map(({ trigger }) => trigger)).toEqual(['service_resumed', 'api'])
})

test.skipIf(whyNoOpenApi !== '')(`an exchange that Render’s document does not know is told${whyNoOpenApi}`, async () => {
  const { oracle } = await renderLab()
  const asked = { params: {}, query: new URLSearchParams('limit=few&colour=red&type=web_service&type=cron_job'), body: undefined }
  const { createOpenApiOracle } = await import('./fake-render/fake-render.ts')
  const strict = createOpenApiOracle()
  strict.look({ template: '/services', method: 'GET', asked, answered: { status: 200, body: [{ service: { id: 1 } }] }, faulty: false })
  strict.look({ template: '/services', method: 'POST', asked: { ...asked, query: new URLSearchParams(), body: { name: 'web' } }, answered: { status: 201, body: {} }, faulty: false })
  strict.look({ template: '/services', method: 'GET', asked: { ...asked, query: new URLSearchParams() }, answered: { status: 404, body: {} }, faulty: false })
  expect(strict.faults).toEqual([
    'GET /services 200: limit=few in the query',
    'GET /services 200: the query has colour, which the document does not know',
    'GET /services 200: type=web_service&cron_job in the query',
    expect.stringMatching(/^GET \/services 200: the answer: .*must have required property 'cursor'/),
    expect.stringMatching(/^POST \/services 201: the request: .*must have required property 'type'/),
    'GET /services 404: the document has no such status',
  ])
  expect(oracle.faults).toEqual([])
})
