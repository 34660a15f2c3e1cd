import type { Clock } from '@plimsoll/engine'
import { PlimsollError } from '@plimsoll/model'
import type { RenderApi } from '../api/render-api.ts'
import { notedPrefix } from '../api/render-request.ts'
import type { Making } from './making.ts'

/** A database is made in a minute or two; what is not there after this needs somebody to look. */
const madeWithinMs = 15 * 60_000
const lookEveryMs = 5_000

interface MakingParts {
  readonly api: RenderApi
  readonly clock: Clock
}

/** Sends what makes the change, and waits until a database that it makes can be reached. */
export async function makeChange({ api, clock }: MakingParts, making: Making, signal: AbortSignal): Promise<void> {
  switch (making.make) {
    case 'create-database': {
      const { id, name } = await api.databases.create(making.body, signal)
      return awaitAvailable({ clock, name, id, statusOf: async () => (await api.databases.get(id, signal))?.status }, signal)
    }
    case 'create-keyvalue': {
      const { id, name } = await api.keyValues.create(making.body, signal)
      return awaitAvailable({ clock, name, id, statusOf: async () => (await api.keyValues.get(id, signal))?.status }, signal)
    }
    case 'update-service':
      if (making.body !== undefined) await api.services.update(making.id, making.body, signal)
      if (making.instances !== undefined) await api.services.scale(making.id, making.instances, signal)
      return
    default:
      await sent(api, making, signal)
  }
}

type Plain = Exclude<Making, { make: 'create-database' | 'create-keyvalue' | 'update-service' }>

function sent(api: RenderApi, making: Plain, signal: AbortSignal): Promise<unknown> {
  switch (making.make) {
    case 'update-database':
      return api.databases.update(making.id, making.body, signal)
    case 'update-keyvalue':
      return api.keyValues.update(making.id, making.body, signal)
    case 'create-project':
    case 'create-environment':
    case 'update-environment':
    case 'add-members':
    case 'remove-members':
      return sentOfEnvironment(api, making, signal)
    case 'set-autoscaling':
      return api.services.setAutoscaling(making.serviceId, making.autoscaling, signal)
    case 'create-disk':
      return api.disks.create(making.body, signal)
    case 'update-disk':
      return api.disks.update(making.id, making.body, signal)
    case 'add-domain':
      return api.sites.addDomain(making.serviceId, making.domain, signal)
    case 'create-group':
      return api.groups.create(making.body, signal)
    case 'put-group-variable':
      return api.groups.put({ groupId: making.groupId, key: making.key }, { value: making.value }, signal)
    case 'create-service':
      return api.services.create(making.body, signal)
    case 'put-variable':
      return api.variables.put({ serviceId: making.serviceId, key: making.key }, { value: making.value }, signal)
    case 'link-group':
      return api.groups.link({ groupId: making.groupId, serviceId: making.serviceId }, signal)
    case 'set-routes':
      return api.sites.setRoutes(making.serviceId, making.routes, signal)
    case 'set-headers':
      return api.sites.setHeaders(making.serviceId, making.headers, signal)
  }
}

type OfEnvironment = Extract<Making, { make: 'create-project' | 'create-environment' | 'update-environment' | 'add-members' | 'remove-members' }>

function sentOfEnvironment({ environments }: RenderApi, making: OfEnvironment, signal: AbortSignal): Promise<unknown> {
  switch (making.make) {
    case 'create-project':
      return environments.createProject(making.body, signal)
    case 'create-environment':
      return environments.create(making.body, signal)
    case 'update-environment':
      return environments.update(making.id, making.body, signal)
    case 'add-members':
      return environments.add(making.members, signal)
    case 'remove-members':
      return environments.remove(making.members, signal)
  }
}

interface Awaited {
  readonly clock: Clock
  readonly name: string
  readonly id: string
  readonly statusOf: () => Promise<string | undefined>
}

async function awaitAvailable({ clock, name, id, statusOf }: Awaited, signal: AbortSignal): Promise<void> {
  if (id.startsWith(notedPrefix)) return
  for (const until = clock.now() + madeWithinMs; (await statusOf()) !== 'available'; await clock.sleep(lookEveryMs, signal)) {
    if (clock.now() >= until) throw new PlimsollError('PLACE_SILENT', `${name} is made, and is not available after ${madeWithinMs / 60_000} minutes`, { hint: 'See in the dashboard what keeps it, then release again: nothing is made twice.' })
  }
}
