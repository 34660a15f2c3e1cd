import { fieldsOf, pageAs, passes, Refusal, textIn } from './exchange.ts'
import type { Routes } from './router.ts'
import { iso, serviceIn, type FakeService, type World } from './world.ts'

/** The disk stands in the service, as it is answered with it. */
export const diskRoutes: Routes = {
  'GET /disks': (world, { query }) => {
    const found = world.services.filter(({ id, details }) => passes(query, 'serviceId', id) && details['disk'] !== undefined).map((service) => ({ id: service.id, service }))
    return pageAs(found, query, ({ service }) => ({ disk: diskBody(service) }))
  },
  'POST /disks': (world, { body }) => {
    const service = serviceIn(world, textIn(body, 'serviceId'))
    if (service.details['disk'] !== undefined) throw new Refusal(400, 'service already has a disk')
    if (!['web_service', 'private_service', 'background_worker'].includes(service.type)) throw new Refusal(400, 'service cannot have a disk')
    const { name, sizeGB, mountPath } = fieldsOf(body)
    service.details = { ...service.details, disk: { id: world.newId('dsk'), name, sizeGB, mountPath } }
    return { status: 201, body: diskBody(service) }
  },
  'PATCH /disks/{diskId}': (world, { params, body }) => {
    const service = withDisk(world, params['diskId'])
    const change = fieldsOf(body)
    const now = fieldsOf(service.details['disk'])
    if (Number(change['sizeGB'] ?? now['sizeGB']) < Number(now['sizeGB'])) throw new Refusal(400, 'a disk cannot be made smaller')
    service.details = { ...service.details, disk: { ...now, ...change } }
    return { status: 200, body: diskBody(service) }
  },
}

function withDisk(world: World, id: string | undefined): FakeService {
  const service = world.services.find(({ details }) => details['disk'] !== undefined && fieldsOf(details['disk'])['id'] === id)
  if (service === undefined) throw new Refusal(404, `disk ${id} not found`)
  return service
}

function diskBody({ id, details, createdAt, updatedAt }: FakeService): object {
  return { ...fieldsOf(details['disk']), serviceId: id, createdAt: iso(createdAt), updatedAt: iso(updatedAt) }
}
