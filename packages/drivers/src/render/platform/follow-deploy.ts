import type { Clock, DeployEnd } from '@plimsoll/engine'
import { PlimsollError, type LogLine, type ServiceName } from '@plimsoll/model'
import { isOver, type RenderDeploy } from '../api/deploys.ts'
import type { RenderLogLine } from '../api/logs.ts'
import type { RenderApi } from '../api/render-api.ts'

/** As Render's own program looks: less often while nothing has begun. */
const lookEveryMs = { waiting: 10_000, going: 5_000 }
/** Build, pre-deploy command and start may take 2 h 45 min together, behind another deploy that may take as long. */
const longestMs = 6 * 60 * 60_000
const toldLines = 50

export interface Following {
  readonly api: RenderApi
  readonly clock: Clock
  readonly ownerId: string
  readonly serviceId: string
  readonly service: ServiceName
  readonly tell: (line: LogLine) => void
}

/** Looks at a deploy until it has ended, and tells what it prints meanwhile. A log that cannot be read keeps nobody from knowing how the deploy ended. */
export async function followDeploy(following: Following, deployId: string, signal: AbortSignal): Promise<DeployEnd> {
  const { api, clock, serviceId } = following
  const log = logOf(following)
  for (const until = clock.now() + longestMs; ;) {
    const deploy = await api.deploys.get({ serviceId, deployId }, signal)
    if (deploy === undefined) throw new PlimsollError('RENDER_REFUSED', `Render does not know the deploy ${deployId} of ${following.service} any more`, { hint: 'See in the dashboard whether somebody has deleted the service.' })
    await log.read(deploy, signal)
    if (deploy.status === 'live') return liveOrReplaced(following, deployId, signal)
    if (isOver(deploy.status)) return endOf(deploy, { log: log.last(), ...(await causeOf(following, deploy, signal)) })
    if (clock.now() >= until) throw new PlimsollError('PLACE_SILENT', `The deploy ${deployId} of ${following.service} is ${deploy.status} after ${longestMs / 3_600_000} hours`, { hint: 'See in the dashboard what it waits for.' })
    await clock.sleep(deploy.status === 'created' || deploy.status === 'queued' ? lookEveryMs.waiting : lookEveryMs.going, signal)
  }
}

/** One that another has replaced is called live for a while yet, until its instances have ended. */
async function liveOrReplaced({ api, serviceId }: Following, deployId: string, signal: AbortSignal): Promise<DeployEnd> {
  const newest = (await api.deploys.list(serviceId, { statuses: ['live'], mostRecent: 1 }, signal))[0]
  return { is: newest === undefined || newest.id === deployId ? 'live' : 'replaced' }
}

/** It is known a moment after the end, or never: what is known of the end besides does not hang on it. */
async function causeOf({ api, serviceId }: Following, { id, status }: RenderDeploy, signal: AbortSignal): Promise<{ readonly because?: string }> {
  if (!status.endsWith('_failed')) return {}
  try {
    const because = await api.events.whyFailed({ serviceId, deployId: id }, signal)
    return because === undefined ? {} : { because }
  } catch {
    signal.throwIfAborted()
    return {}
  }
}

function endOf({ status }: RenderDeploy, told: Pick<Extract<DeployEnd, { is: 'failed' }>, 'log' | 'because'>): DeployEnd {
  switch (status) {
    case 'deactivated':
      return { is: 'replaced' }
    case 'build_failed':
      return { is: 'failed', during: 'build', ...told }
    case 'pre_deploy_failed':
      return { is: 'failed', during: 'pre-deploy', ...told }
    case 'update_failed':
      return { is: 'failed', during: 'start', ...told }
    default:
      return { is: 'canceled' }
  }
}

interface DeployLog {
  /** Tells what is new since the last time. */
  read(deploy: RenderDeploy, signal: AbortSignal): Promise<void>
  last(): readonly string[]
}

function logOf({ api, ownerId, serviceId, service, tell }: Following): DeployLog {
  const seen = new Set<string>()
  const lines: string[] = []
  let from: string | undefined
  const take = (line: RenderLogLine): void => {
    if (seen.has(line.id)) return
    seen.add(line.id)
    from = line.timestamp
    lines.push(line.message)
    tell({ at: new Date(line.timestamp).toISOString(), service, stream: typeOf(line) === 'build' ? 'build' : 'out', text: line.message })
  }
  return {
    async read({ createdAt, startedAt }, signal) {
      try {
        for await (const line of api.logs.lines({ ownerId, resources: [serviceId], types: ['build', 'app'], startTime: from ?? startedAt ?? createdAt, direction: 'forward' }, signal)) take(line)
      } catch {
        // What a deploy prints is told as far as it can be had; how it ends does not hang on it.
        signal.throwIfAborted()
      }
    },
    last: () => lines.slice(-toldLines),
  }
}

function typeOf({ labels }: RenderLogLine): string | undefined {
  return labels.find(({ name }) => name === 'type')?.value
}
