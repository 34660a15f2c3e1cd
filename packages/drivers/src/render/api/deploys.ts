import { z } from 'zod'
import type { Creator } from './create-once.ts'
import type { RenderLine } from './render-line.ts'
import { notedPrefix, pathOf } from './render-request.ts'

export const renderDeployStatusSchema = z.enum(['created', 'queued', 'build_in_progress', 'pre_deploy_in_progress', 'update_in_progress', 'live', 'deactivated', 'build_failed', 'pre_deploy_failed', 'update_failed', 'canceled'])
export type RenderDeployStatus = z.infer<typeof renderDeployStatusSchema>

export const renderDeploySchema = z.object({
  id: z.string(),
  status: renderDeployStatusSchema,
  /** `api`, `rollback`, `new_commit`, `blueprint_sync` and others. */
  trigger: z.string().optional(),
  commit: z.object({ id: z.string().optional(), message: z.string().optional() }).optional(),
  image: z.object({ ref: z.string().optional(), sha: z.string().optional() }).optional(),
  createdAt: z.string(),
  startedAt: z.string().optional(),
  finishedAt: z.string().optional(),
})
export type RenderDeploy = z.infer<typeof renderDeploySchema>

/** What is to be deployed: the newest commit of the service's branch unless one, or an image, is named. Render takes no commit for a cron job. */
export interface RenderDeployWish {
  readonly commitId?: string
  /** Of the registry, repository and name that the service has. */
  readonly imageUrl?: string
  readonly clearCache?: boolean
}

export interface DeployOfService {
  readonly serviceId: string
  readonly deployId: string
}

export interface RenderDeploys {
  /**
   * Asks for a deploy, and gives it as it is then: under way, or queued behind another. A lost answer makes no second one, and calls of this
   * client for the same service come one after the other. Throws `RENDER_DOWN` when Render has taken it and does not show it within a minute.
   */
  create(serviceId: string, wish: RenderDeployWish, signal: AbortSignal): Promise<RenderDeploy>
  get(place: DeployOfService, signal: AbortSignal): Promise<RenderDeploy | undefined>
  /** Newest first. */
  list(serviceId: string, filter: { readonly statuses?: readonly RenderDeployStatus[]; readonly mostRecent?: number }, signal: AbortSignal): Promise<readonly RenderDeploy[]>
  /** Gives what has become of it: `canceled`, or whatever it had ended as before. */
  cancel(place: DeployOfService, signal: AbortSignal): Promise<RenderDeploy>
  /** Deploys again what an earlier deploy made, with the settings and variables it had, as a new deploy. Does not switch auto-deploy off. */
  rollBack(place: DeployOfService, signal: AbortSignal): Promise<RenderDeploy>
}

/** Whether nothing more becomes of a deploy, but that a live one is `deactivated` by a later one. */
export function isOver(status: RenderDeployStatus): boolean {
  return ended.includes(status)
}
const ended: readonly RenderDeployStatus[] = ['live', 'deactivated', 'build_failed', 'pre_deploy_failed', 'update_failed', 'canceled']

/** So long Render's own program waits until a deploy that is queued behind another is shown. */
const unseenMs = 60_000

export function createDeploys(line: RenderLine, creator: Creator): RenderDeploys {
  const list = listOf(line)
  const get: RenderDeploys['get'] = ({ serviceId, deployId }, signal) => line.find(renderDeploySchema, { path: pathOf('services', serviceId, 'deploys', deployId), to: `show the deploy ${deployId}` }, signal)
  const pretended = (): RenderDeploy => ({ id: `${notedPrefix}dep`, status: 'created', createdAt: new Date(line.clock.now()).toISOString() })

  return {
    list, get,
    create: (serviceId, { commitId, imageUrl, clearCache }, signal) => creator.create<RenderDeploy, RenderDeploy>({
      alike: `deploy ${serviceId}`, unseenMs,
      list: (until) => list(serviceId, { statuses: renderDeployStatusSchema.options, mostRecent: 100 }, until),
      couldBe: (one) => one.trigger === 'api' && (commitId === undefined || one.commit?.id === undefined || one.commit.id === commitId),
      answerOf: (one) => one,
      write: {
        path: pathOf('services', serviceId, 'deploys'), to: `deploy ${serviceId}`, pretended: pretended(), answer: renderDeploySchema.optional(),
        body: { commitId, imageUrl, ...(clearCache !== undefined && { clearCache: clearCache ? 'clear' : 'do_not_clear' }) },
      },
    }, signal),
    async cancel({ serviceId, deployId }, signal) {
      const lookFor = async (until: AbortSignal) => {
        const now = await get({ serviceId, deployId }, until)
        return now !== undefined && isOver(now.status) ? now : undefined
      }
      const before = await lookFor(signal)
      if (before !== undefined) return before
      return line.write({ method: 'POST', path: pathOf('services', serviceId, 'deploys', deployId, 'cancel'), to: `cancel the deploy ${deployId}`, answer: renderDeploySchema, pretended: { ...pretended(), id: deployId, status: 'canceled' }, lookFor }, signal)
    },
    rollBack: ({ serviceId, deployId }, signal) => creator.create<RenderDeploy, RenderDeploy>({
      alike: `deploy ${serviceId}`, unseenMs,
      list: (until) => list(serviceId, { statuses: renderDeployStatusSchema.options, mostRecent: 100 }, until),
      couldBe: ({ trigger }) => trigger === 'rollback',
      answerOf: (one) => one,
      write: { path: pathOf('services', serviceId, 'rollback'), to: `roll ${serviceId} back to the deploy ${deployId}`, body: { deployId }, answer: renderDeploySchema, pretended: pretended() },
    }, signal),
  }
}

function listOf(line: RenderLine): RenderDeploys['list'] {
  const entry = z.object({ cursor: z.string(), deploy: renderDeploySchema })
  return async (serviceId, { statuses, mostRecent }, signal) => {
    const found = await line.list(entry, { path: pathOf('services', serviceId, 'deploys'), query: { status: statuses }, lists: 'repeated', to: `list the deploys of ${serviceId}`, ...(mostRecent !== undefined && { most: mostRecent }) }, signal)
    return found.map(({ deploy }) => deploy)
  }
}
