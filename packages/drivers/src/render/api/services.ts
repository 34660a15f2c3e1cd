import { z } from 'zod'
import type { Creator } from './create-once.ts'
import type { RenderLine } from './render-line.ts'
import { notedPrefix, pathOf } from './render-request.ts'
import { renderServiceSchema, type RenderAutoscaling, type RenderNewService, type RenderService, type RenderServiceChange, type RenderServiceType } from './service-schemas.ts'
import { shownVariables } from './variables.ts'

export interface RenderServiceFilter {
  readonly name?: string
  readonly ownerId?: string
  readonly types?: readonly RenderServiceType[]
}

export interface RenderServiceCreated {
  readonly service: RenderService
  /** Of its first deploy, which Render starts by itself; undefined where it tells of none. */
  readonly deployId?: string | undefined
}

const renderInstanceSchema = z.object({ id: z.string(), createdAt: z.string() })
export type RenderInstance = z.infer<typeof renderInstanceSchema>

export interface RenderServices {
  list(filter: RenderServiceFilter, signal: AbortSignal): Promise<readonly RenderService[]>
  get(id: string, signal: AbortSignal): Promise<RenderService | undefined>
  /** Creates a service, and with it a first deploy. A lost answer makes no second one of the same name. */
  create(wanted: RenderNewService, signal: AbortSignal): Promise<RenderServiceCreated>
  /** Only what is named is changed. It counts from the next deploy on, which this does not start. */
  update(id: string, change: RenderServiceChange, signal: AbortSignal): Promise<RenderService>
  /** Sets how many instances run. */
  scale(id: string, instances: number, signal: AbortSignal): Promise<void>
  /** Has it run as many instances as its load asks for. */
  setAutoscaling(id: string, autoscaling: RenderAutoscaling, signal: AbortSignal): Promise<void>
  suspend(id: string, signal: AbortSignal): Promise<void>
  /** Starts what was suspended, by a deploy. */
  resume(id: string, signal: AbortSignal): Promise<void>
  /** Those that run now. */
  instances(id: string, signal: AbortSignal): Promise<readonly RenderInstance[]>
}

const entrySchema = z.object({ cursor: z.string(), service: renderServiceSchema })
const createdSchema = z.object({ service: renderServiceSchema, deployId: z.string().optional() })
const nothing = z.unknown().transform(() => undefined)

export function createServices(line: RenderLine, creator: Creator): RenderServices {
  const list: RenderServices['list'] = async ({ name, ownerId, types }, signal) => {
    const found = await line.list(entrySchema, { path: '/services', query: { name, ownerId, type: types }, to: 'list services' }, signal)
    return found.map(({ service }) => service)
  }
  const get: RenderServices['get'] = (id, signal) => line.find(renderServiceSchema, { path: pathOf('services', id), to: `show the service ${id}` }, signal)
  const told = async (id: string, verb: 'suspend' | 'resume', signal: AbortSignal): Promise<void> => {
    await line.write({ method: 'POST', path: pathOf('services', id, verb), to: `${verb} the service ${id}`, answer: nothing, pretended: undefined, repeatable: true }, signal)
  }
  return {
    list, get,
    create: (wanted, signal) => creator.create<RenderService, RenderServiceCreated>({
      alike: `service ${wanted.ownerId} ${wanted.name}`,
      list: (until) => list({ name: wanted.name, ownerId: wanted.ownerId }, until),
      answerOf: (service) => ({ service }),
      write: {
        path: '/services', to: `create the service ${wanted.name}`, body: wanted, answer: createdSchema,
        ...(wanted.envVars !== undefined && { shown: { ...wanted, envVars: shownVariables(wanted.envVars) } }),
        pretended: { service: pretended(wanted, line.clock.now()), deployId: `${notedPrefix}dep` },
      },
    }, signal),
    update: async (id, change, signal) => {
      const current = line.onlyNotes ? await get(id, signal) : undefined
      const later = changed(current ?? pretended({ type: 'web_service', name: id, ownerId: '' }, line.clock.now()), { ...change, id })
      return line.write({ method: 'PATCH', path: pathOf('services', id), body: change, to: `change the service ${id}`, answer: renderServiceSchema, pretended: later }, signal)
    },
    async scale(id, instances, signal) {
      await line.write({ method: 'POST', path: pathOf('services', id, 'scale'), body: { numInstances: instances }, to: `run ${instances} instances of the service ${id}`, answer: nothing, pretended: undefined, repeatable: true }, signal)
    },
    async setAutoscaling(id, autoscaling, signal) {
      await line.write({ method: 'PUT', path: pathOf('services', id, 'autoscaling'), body: autoscaling, to: `set how the service ${id} scales`, answer: z.unknown(), pretended: undefined }, signal)
    },
    suspend: (id, signal) => told(id, 'suspend', signal),
    resume: (id, signal) => told(id, 'resume', signal),
    async instances(id, signal) {
      return (await line.find(z.array(renderInstanceSchema), { path: pathOf('services', id, 'instances'), to: `list the instances of ${id}` }, signal)) ?? []
    },
  }
}

/** What a service that is not created would be, as far as it is known. */
function pretended({ type, name, ownerId, autoDeploy = 'yes', repo, branch }: RenderNewService, now: number): RenderService {
  const at = new Date(now).toISOString()
  return {
    id: `${notedPrefix}${name}`, name, slug: name, ownerId, type, autoDeploy, suspended: 'not_suspended', createdAt: at, updatedAt: at, dashboardUrl: '', serviceDetails: {},
    ...(repo !== undefined && { repo }), ...(branch !== undefined && { branch }),
  }
}

/** What a service would be after a change, as far as its answer shows it in the same place. */
function changed(service: RenderService, { id, serviceDetails = {}, image, ...change }: RenderServiceChange & { readonly id: string }): RenderService {
  return renderServiceSchema.parse({ ...service, ...change, id, serviceDetails: { ...service.serviceDetails, ...serviceDetails }, ...(image !== undefined && { imagePath: image.imagePath }) })
}
