import { isInProgress, orderDeploy } from './deploy-course.ts'
import { fieldsOf, listIn, pageAs, passes, Refusal, textIn, type Asked } from './exchange.ts'
import type { Routes } from './router.ts'
import { eventsOf } from './service-events.ts'
import { changeService, domainBody, newService, serviceBody, valueIn } from './service-record.ts'
import { iso, serviceIn, type FakeService, type World } from './world.ts'

export const serviceRoutes: Routes = {
  'GET /owners': (world, { query }) => pageAs(world.owners, query, ({ id, name }) => ({ owner: { id, name, email: 'ops@acme.example', type: 'team' } })),
  'GET /services': (world, { query }) => pageAs(world.services.filter(({ name, ownerId, type }) => passes(query, 'name', name) && passes(query, 'ownerId', ownerId) && passes(query, 'type', type)), query, (service) => ({ service: serviceBody(service) })),
  'POST /services': (world, { body }) => {
    const service = newService(world, body)
    world.services.push(service)
    const deploy = orderDeploy(world, service, { trigger: 'api' })
    return { status: 201, body: { service: serviceBody(service), deployId: deploy.id } }
  },
  'GET /services/{serviceId}': (world, asked) => ({ status: 200, body: serviceBody(serviceOf(world, asked)) }),
  'PATCH /services/{serviceId}': (world, asked) => {
    const service = serviceOf(world, asked)
    changeService(service, asked.body)
    service.updatedAt = world.clock.now()
    return { status: 200, body: serviceBody(service) }
  },
  'POST /services/{serviceId}/scale': (world, asked) => {
    const service = serviceOf(world, asked)
    const { numInstances } = fieldsOf(asked.body)
    if (typeof numInstances !== 'number' || numInstances < 1) throw new Refusal(400, 'numInstances must be 1 at least')
    service.details = { ...service.details, numInstances }
    return { status: 202 }
  },
  'POST /services/{serviceId}/suspend': (world, asked) => {
    serviceOf(world, asked).suspended = true
    return { status: 202 }
  },
  'POST /services/{serviceId}/resume': (world, asked) => {
    const service = serviceOf(world, asked)
    if (service.suspended) {
      service.suspended = false
      orderDeploy(world, service, { trigger: 'service_resumed' })
    }
    return { status: 202 }
  },
  'GET /services/{serviceId}/events': (world, asked) => eventsOf(world, serviceOf(world, asked), asked.query),
  'GET /services/{serviceId}/instances': (world, asked) => ({ status: 200, body: instancesOf(serviceOf(world, asked)) }),
  'GET /services/{serviceId}/env-vars': (world, asked) => {
    const variables = [...serviceOf(world, asked).variables].map(([key, value]) => ({ id: key, value }))
    return pageAs(variables, asked.query, ({ id, value }) => ({ envVar: { key: id, value } }))
  },
  'PUT /services/{serviceId}/env-vars/{envVarKey}': (world, asked) => {
    const { envVarKey = '' } = asked.params
    const value = valueIn(asked.body)
    serviceOf(world, asked).variables.set(envVarKey, value)
    return { status: 200, body: { key: envVarKey, value } }
  },
  'DELETE /services/{serviceId}/env-vars/{envVarKey}': (world, asked) => {
    const { envVarKey = '' } = asked.params
    if (!serviceOf(world, asked).variables.delete(envVarKey)) throw new Refusal(404, `${envVarKey} not found`)
    return { status: 204 }
  },
  'GET /services/{serviceId}/routes': (world, asked) => pageAs(serviceOf(world, asked).routes.map((route, index) => ({ id: `rte-${index}`, route: { id: `rte-${index}`, priority: index, ...route } })), asked.query, ({ route }) => ({ route })),
  'PUT /services/{serviceId}/routes': (world, asked) => {
    const service = siteOf(world, asked)
    service.routes = entriesIn(asked.body)
    return { status: 200, body: service.routes.map((route, index) => ({ id: `rte-${index}`, priority: index, ...route })) }
  },
  'GET /services/{serviceId}/headers': (world, asked) => pageAs(serviceOf(world, asked).headers.map((header, index) => ({ id: `hdr-${index}`, header: { id: `hdr-${index}`, ...header } })), asked.query, ({ header }) => ({ header })),
  'PUT /services/{serviceId}/headers': (world, asked) => {
    const service = siteOf(world, asked)
    service.headers = entriesIn(asked.body)
    return { status: 200, body: service.headers.map((header, index) => ({ id: `hdr-${index}`, ...header })) }
  },
  'GET /services/{serviceId}/custom-domains': (world, asked) => {
    const service = serviceOf(world, asked)
    const domains = service.domains.map((domain, index) => ({ id: `cdm-${index}`, domain }))
    return pageAs(domains, asked.query, ({ domain }) => ({ customDomain: domainBody(service, domain) }))
  },
  'POST /services/{serviceId}/custom-domains': (world, asked) => {
    const service = serviceOf(world, asked)
    if (!['web_service', 'static_site'].includes(service.type)) throw new Refusal(400, 'only web services and static sites have domains')
    const name = textIn(asked.body, 'name').toLowerCase()
    if (world.services.some(({ domains }) => domains.some((domain) => domain.name === name))) throw new Refusal(409, `${name} is taken already`)
    // A bare name brings `www.` along, and the other way round.
    const other = name.startsWith('www.') ? name.slice('www.'.length) : `www.${name}`
    const added = (name.split('.').length > 2 && !name.startsWith('www.') ? [name] : [name, other]).map((each) => ({ name: each, isVerified: false }))
    service.domains.push(...added)
    return { status: 201, body: added.map((domain) => domainBody(service, domain)) }
  },
  'PUT /services/{serviceId}/autoscaling': (world, asked) => {
    const service = serviceOf(world, asked)
    const autoscaling = fieldsOf(asked.body)
    if (Number(autoscaling['min']) > Number(autoscaling['max'])) throw new Refusal(400, 'min must not be above max')
    service.details = { ...service.details, autoscaling }
    return { status: 200, body: autoscaling }
  },
  'GET /logs': (world, { query }) => logsOf(world, query),
}

export function serviceOf(world: World, { params }: Asked): FakeService {
  return serviceIn(world, params['serviceId'])
}

function siteOf(world: World, asked: Asked): FakeService {
  const service = serviceOf(world, asked)
  if (service.type !== 'static_site') throw new Refusal(400, 'only static sites have routes and headers')
  return service
}

function entriesIn(body: unknown): readonly object[] {
  if (!Array.isArray(body)) throw new Refusal(400, 'body must be a list')
  return body.map((entry: unknown) => fieldsOf(entry))
}

/** Those of what is live, and of what was live until a moment ago. */
function instancesOf(service: FakeService): readonly object[] {
  if (service.suspended || ['static_site', 'cron_job'].includes(service.type)) return []
  const { numInstances } = service.details
  return service.deploys.filter((deploy) => deploy.status === 'live' && !isInProgress(deploy)).flatMap((deploy) =>
    Array.from({ length: Number(numInstances ?? 1) }, (_, index) => ({ id: `${service.id}-${deploy.id.slice(-4)}${index}`, createdAt: iso(deploy.finishedAt ?? deploy.createdAt) })))
}

const mostLines = 100

/** The next page begins after the last line of this one; lines of the same moment are never parted by a page. */
function logsOf(world: World, query: URLSearchParams): { readonly status: number; readonly body: object } {
  textIn(Object.fromEntries(query), 'ownerId')
  const resources = listIn(query, 'resource')
  if (resources.length === 0) throw new Refusal(400, 'resource is required')
  const now = world.clock.now()
  const from = momentIn(query, 'startTime') ?? now - 3_600_000
  const to = momentIn(query, 'endTime') ?? now
  const forward = query.get('direction') === 'forward'
  const limit = Math.min(Number(query.get('limit') ?? 20), mostLines)
  const regions = new Set(world.services.filter(({ id }) => resources.includes(id)).map(({ details }) => details['region']))
  if (regions.size > 1) throw new Refusal(400, 'all resources must be in the same region')
  const fitting = world.logs.filter(({ resource, type, at }) => resources.includes(resource) && passes(query, 'type', type) && at >= from && at <= to).toSorted((a, b) => a.at - b.at)
  if (!forward) fitting.reverse()
  const edge = fitting[limit - 1]?.at
  const page = fitting.filter(({ at }, index) => index < limit || at === edge)
  const last = page.at(-1)?.at ?? now
  return {
    status: 200,
    body: {
      hasMore: page.length < fitting.length, nextStartTime: iso(forward ? last + 1 : from), nextEndTime: iso(forward ? to : last - 1),
      logs: page.map(({ id, message, at, type, resource, instance }) => ({ id, message, timestamp: iso(at), labels: [{ name: 'type', value: type }, { name: 'resource', value: resource }, ...(instance === undefined ? [] : [{ name: 'instance', value: instance }])] })),
    },
  }
}

function momentIn(query: URLSearchParams, key: string): number | undefined {
  const text = query.get(key)
  return text === null ? undefined : Date.parse(text)
}
