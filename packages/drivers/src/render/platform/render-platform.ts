import type { Clock, Deploy, DeploySource, LogsThere, Platform, Stand } from '@plimsoll/engine'
import { isPlimsollError, PlimsollError, type AppName, type Blueprint, type LogLine, type ServiceName, type Source } from '@plimsoll/model'
import { isOver, type RenderDeploy } from '../api/deploys.ts'
import type { RenderApi } from '../api/render-api.ts'
import type { RenderService } from '../api/service-schemas.ts'
import { chooseOwner } from './choose-owner.ts'
import { followDeploy } from './follow-deploy.ts'
import { makeChange } from './make-change.ts'
import type { Making } from './making.ts'
import { readLogs, type LogReading } from './read-logs.ts'
import { surveyThere } from './survey-there.ts'
import { readThere } from './there.ts'
import type { Resolve } from './wanted-variables.ts'

export interface RenderPlatformParts {
  readonly api: RenderApi
  readonly clock: Clock
  /** The workspace, by name or id; the only one that the key reaches unless given. */
  readonly workspace: string | undefined
  /** Understands the text of a Blueprint. */
  readonly understand: (text: string, source: Source) => Blueprint
  readonly resolve: Resolve
  /** What is kept for the app as `Surroundings.kept` names it, with a value for all that the Blueprint wants generated. */
  readonly keptFor: (app: AppName, blueprint: Blueprint) => Promise<Readonly<Record<string, string>>>
  /** Where Render finds the source: the address of its repository. */
  readonly repoOf: (source: Source) => Promise<string | undefined>
}

/** What other places do and Render does not, told at the beginning of every release. */
const cannot = [
  'Render switches one service after the other: for a while new and old services serve together, and not all switch in one instant',
  'Render keeps no release warm: pages that are open meet the new services, and going back is another deploy of each service',
  'Plimsoll counts no requests on Render: a release is asked at its public addresses once, and not watched after that',
]

/** What a rollback on Render takes from the deploy that it leads to is what was built, commands, health check path, number of instances and variables: all else stays. */
const rollBackLeaves = [
  'Render rolls back what was built, its commands and its variables. Disks, plans, domains, headers and routes stay as they are now, and so do databases',
  'Values that a service has from a group of variables are not rolled back: it meets those of now',
]

/** How many of the newest deploys of a service are looked through. */
const newest = 100

/** Render as a platform. Services are found by name in one workspace, whoever made them. */
export function createRenderPlatform(parts: RenderPlatformParts): Platform {
  const { api, clock } = parts
  const ownerId = async (signal: AbortSignal): Promise<string> => (await chooseOwner(api, parts.workspace, signal)).id
  const find = async (service: ServiceName, signal: AbortSignal): Promise<RenderService | undefined> => oldestNamed(await api.services.list({ ownerId: await ownerId(signal), name: service }, signal), service)
  const known = async (service: ServiceName, signal: AbortSignal): Promise<RenderService> => {
    const found = await find(service, signal)
    if (found !== undefined) return found
    throw new PlimsollError('RENDER_REFUSED', `There is no service ${service} in the workspace any more`, { hint: 'See in the dashboard whether somebody has deleted or renamed it.' })
  }
  return {
    name: 'render', cannot, rollBackLeaves,
    async survey({ app, source, blueprint: text }, signal) {
      const blueprint = parts.understand(text, source)
      const there = await readThere(api, { ownerId: await ownerId(signal), blueprint }, signal)
      return surveyThere({ blueprint, there, source, resolve: parts.resolve, kept: await parts.keptFor(app, blueprint), repo: await parts.repoOf(source) })
    },
    apply: ({ making }, signal) => makeChange(parts, making as Making, signal),
    async stands(_app, services, signal) {
      const all = await api.services.list({ ownerId: await ownerId(signal) }, signal)
      const found = await Promise.all(services.map(async (name) => {
        const service = oldestNamed(all, name)
        return service === undefined ? [] : [[name, await standOf(api, service, signal)] as const]
      }))
      return Object.fromEntries(found.flat())
    },
    async deploysAfter({ service, after }, signal) {
      const found = await find(service, signal)
      if (found === undefined) return []
      const deploys = await api.deploys.list(found.id, { mostRecent: newest }, signal)
      const mark = deploys.findIndex(({ id }) => id === after)
      return deploysOf(mark < 0 ? deploys : deploys.slice(0, mark))
    },
    async begin({ service, source }, signal) {
      const { id, type } = await known(service, signal)
      const deploy = await api.deploys.create(id, wishOf(source, type), signal)
      await assertRuns({ api, service, serviceId: id, source }, deploy, signal)
      return deploy.id
    },
    async follow({ service, id, tell }, signal) {
      const { id: serviceId, ownerId: owner } = await known(service, signal)
      return followDeploy({ api, clock, ownerId: owner, serviceId, service, tell }, id, signal)
    },
    async cancel({ service, id }, signal) {
      await api.deploys.cancel({ serviceId: (await known(service, signal)).id, deployId: id }, signal)
    },
    async rollBack({ service, to }, signal) {
      return rolledBack(api, { service, serviceId: (await known(service, signal)).id, to }, signal)
    },
    async *logs(request, signal) {
      yield* logsOf({ api, clock, ownerId: await ownerId(signal) }, request, signal)
    },
    async holdAutoDeploy({ service }, signal) {
      const found = await find(service, signal)
      if (found?.autoDeploy !== 'yes') return false
      await api.services.update(found.id, { autoDeploy: 'no' }, signal)
      return true
    },
  }
}

/** How Render refuses to go back to a deploy; that the key may not do so is another matter. */
const keptNoMore: ReadonlySet<unknown> = new Set([400, 404, 409, 410])

async function rolledBack(api: RenderApi, { service, serviceId, to }: { readonly service: ServiceName; readonly serviceId: string; readonly to: string }, signal: AbortSignal): Promise<string> {
  try {
    return (await api.deploys.rollBack({ serviceId, deployId: to }, signal)).id
  } catch (error) {
    throw isPlimsollError(error) && keptNoMore.has(error.details?.['status']) ? notKept(service, to, error) : error
  }
}

function notKept(service: ServiceName, deploy: string, cause: PlimsollError): PlimsollError {
  return new PlimsollError('NOTHING_TO_ROLL_BACK', `Render does not roll ${service} back to the deploy ${deploy}: ${String(cause.details?.['said'])}`, {
    hint: 'How long it keeps what was built hangs on the plan. Release the commit of that release again.', details: { service, deploy }, cause,
  })
}

async function* logsOf(asking: Omit<LogReading, 'services'>, request: LogsThere, signal: AbortSignal): AsyncGenerator<LogLine, void> {
  const all = await asking.api.services.list({ ownerId: asking.ownerId }, signal)
  const services = request.services.flatMap((service) => {
    const found = oldestNamed(all, service)
    return found === undefined ? [] : [{ service, found }]
  })
  if (services.length > 0) yield* readLogs({ ...asking, services }, request, signal)
}

function oldestNamed(services: readonly RenderService[], name: string): RenderService | undefined {
  return services.filter((service) => service.name === name).toSorted((a, b) => a.createdAt.localeCompare(b.createdAt))[0]
}

/** Static sites are files, and cron jobs run only now and then. */
const runsInstances: ReadonlySet<RenderService['type']> = new Set(['web_service', 'private_service', 'background_worker'])

async function standOf(api: RenderApi, { id, type, serviceDetails: { url, maintenanceMode } }: RenderService, signal: AbortSignal): Promise<Stand> {
  const [recent, instances] = await Promise.all([api.deploys.list(id, { mostRecent: newest }, signal), runsInstances.has(type) ? api.services.instances(id, signal) : []])
  // One that has been live for long may have many failed ones after it.
  const live = recent.find(({ status }) => status === 'live') ?? (recent.length < newest ? undefined : (await api.deploys.list(id, { statuses: ['live'], mostRecent: 1 }, signal))[0])
  const isPublic = type === 'web_service' || type === 'static_site'
  return {
    live: live === undefined ? null : { id: live.id, source: sourceOf(live), by: byOf(live) },
    newest: recent[0]?.id ?? null,
    instances: instances.map(({ id: instance, createdAt }) => ({ id: instance, startedAt: new Date(createdAt).toISOString() })),
    // In maintenance people reach a page there, and not the service.
    ...(isPublic && url !== undefined && maintenanceMode?.enabled !== true && { url }),
  }
}

/** One that another has replaced is called live for a while yet, until its instances have ended: the newest that is called so is it. */
function deploysOf(newestFirst: readonly RenderDeploy[]): Deploy[] {
  const live = newestFirst.find(({ status }) => status === 'live')
  return newestFirst.map((deploy) => {
    const { id, status } = deploy
    return { id, by: byOf(deploy), source: sourceOf(deploy), is: status === 'live' && deploy !== live ? 'replaced' : stateOf(status) }
  })
}

function byOf({ trigger }: RenderDeploy): Deploy['by'] {
  return trigger === 'api' ? 'asked' : trigger === 'rollback' ? trigger : 'other'
}

function stateOf(status: RenderDeploy['status']): Deploy['is'] {
  if (!isOver(status)) return 'under way'
  if (status === 'live' || status === 'canceled') return status
  return status === 'deactivated' ? 'replaced' : 'failed'
}

function sourceOf({ commit, image }: RenderDeploy): DeploySource | null {
  if (image?.ref !== undefined) return { image: image.ref }
  return commit?.id === undefined ? null : { commit: commit.id }
}

/** Render takes no commit for a cron job: it deploys what its branch has. */
function wishOf(source: DeploySource, type: RenderService['type']): { readonly commitId?: string; readonly imageUrl?: string } {
  if ('image' in source) return { imageUrl: source.image }
  return type === 'cron_job' ? {} : { commitId: source.commit }
}

interface Wished {
  readonly api: RenderApi
  readonly service: ServiceName
  readonly serviceId: string
  readonly source: DeploySource
}

async function assertRuns({ api, service, serviceId, source }: Wished, deploy: RenderDeploy, signal: AbortSignal): Promise<void> {
  const other = deploy.commit?.id
  if (other === undefined || !('commit' in source) || other === source.commit) return
  await api.deploys.cancel({ serviceId, deployId: deploy.id }, signal)
  throw new PlimsollError('PLACE_CANNOT', `Render deploys ${service} at the newest commit of its branch only, which is ${other.slice(0, 7)} and not ${source.commit.slice(0, 7)}`, {
    hint: 'Release what the branch holds, or push this commit to it first.',
  })
}
