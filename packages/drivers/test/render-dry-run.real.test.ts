import { expect, test } from 'vitest'
import { hidden, type NotedRequest } from '../src/render/render.ts'
import { liveService, never, renderLab, webService } from './render-lab.ts'

test('with a note nothing is changed: every write is told as it would be sent, without its secrets, and reads are answered', async () => {
  const lab = await renderLab()
  const { fake } = lab
  const { ownerId } = fake
  const serviceId = await liveService(lab)
  const noted: NotedRequest[] = []
  const dry = lab.client({ note: (one) => noted.push(one) })
  const before = structuredClone(fake.world.services.map(({ deploys, variables, record }) => ({ deploys, variables, record })))
  const { service } = await dry.services.create({ ...webService(lab, 'new'), envVars: [{ key: 'STRIPE_KEY', value: 'sk_live_1' }, { key: 'B', generateValue: true }] }, never)
  await dry.variables.put({ serviceId, key: 'STRIPE_KEY' }, { value: 'sk_live_2' }, never)
  await dry.variables.delete({ serviceId, key: 'OLD' }, never)
  await dry.groups.put({ groupId: 'evg-1', key: 'A' }, { value: 'sk_live_3' }, never)
  await dry.groups.create({ name: 'all', ownerId, envVars: [{ key: 'A', value: 'sk_live_4' }] }, never)
  const changed = await dry.services.update(serviceId, { autoDeploy: 'no', serviceDetails: { plan: 'standard' } }, never)
  const deploy = await dry.deploys.create(serviceId, { commitId: 'abc' }, never)
  await dry.databases.create({ name: 'db', ownerId, plan: 'starter', version: '18' }, never)

  expect(noted.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'POST /services', `PUT /services/${serviceId}/env-vars/STRIPE_KEY`, `DELETE /services/${serviceId}/env-vars/OLD`, 'PUT /env-groups/evg-1/env-vars/A', 'POST /env-groups', `PATCH /services/${serviceId}`, `POST /services/${serviceId}/deploys`, 'POST /postgres',
  ])
  expect(JSON.stringify(noted)).not.toContain('sk_live')
  expect(noted[0]?.body).toMatchObject({ name: 'new', envVars: [{ key: 'STRIPE_KEY', value: hidden }, { key: 'B', generateValue: true }] })
  expect(noted[5]?.body).toEqual({ autoDeploy: 'no', serviceDetails: { plan: 'standard' } })
  expect(fake.requests.filter((each) => !each.startsWith('GET'))).toEqual(['POST /services'])
  expect(fake.world.services.map(({ deploys, variables, record }) => ({ deploys, variables, record }))).toEqual(before)
  expect(changed).toMatchObject({ id: serviceId, name: 'web', autoDeploy: 'no', serviceDetails: { plan: 'standard', healthCheckPath: '/healthz' } })
  expect(deploy.id).toMatch(/^noted-/)
  expect(await dry.services.get(serviceId, never)).toMatchObject({ name: 'web' })
  expect(await dry.services.get(service.id, never)).toBeUndefined()
  expect(await dry.variables.list(service.id, never)).toEqual([])
  expect(fake.requests.filter((each) => each.includes('noted-'))).toEqual([])
})
