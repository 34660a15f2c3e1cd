import { z } from 'zod'
import type { RenderLine } from './render-line.ts'
import { pathOf } from './render-request.ts'

/** Of several of these the first that is there says most. */
const failureSchema = z.object({
  oomKilled: z.object({ memoryLimit: z.string() }).optional(),
  nonZeroExit: z.number().int().optional(),
  unhealthy: z.string().optional(),
  timedOutReason: z.string().optional(),
  timedOutSeconds: z.number().optional(),
  earlyExit: z.boolean().optional(),
  evicted: z.boolean().optional(),
})
export type RenderFailure = z.infer<typeof failureSchema>

const renderEventSchema = z.object({
  id: z.string(),
  timestamp: z.string(),
  /** `build_ended`, `deploy_ended`, `server_failed` and others. */
  type: z.string(),
  details: z.looseObject({ deployId: z.string().optional(), reason: z.looseObject({ failure: failureSchema.optional() }).optional() }),
})
export type RenderEvent = z.infer<typeof renderEventSchema>

export interface RenderEventQuestion {
  readonly serviceId: string
  /** All unless told. */
  readonly type?: string
  readonly startTime?: string
}

/** What Render tells of a service. */
export interface RenderEvents {
  /** Newest first. */
  list(question: RenderEventQuestion, signal: AbortSignal): Promise<readonly RenderEvent[]>
  /** Why a deploy failed, for people, in words that follow "because": `a command ended with exit status 1`. Undefined where Render does not say, or has not said yet. */
  whyFailed(place: { readonly serviceId: string; readonly deployId: string }, signal: AbortSignal): Promise<string | undefined>
}

export function createEvents(line: RenderLine): RenderEvents {
  const entry = z.object({ cursor: z.string(), event: renderEventSchema })
  const list: RenderEvents['list'] = async ({ serviceId, type, startTime }, signal) => {
    const found = await line.list(entry, { path: pathOf('services', serviceId, 'events'), query: { type, startTime }, to: `list the events of ${serviceId}` }, signal)
    return found.map(({ event }) => event)
  }
  return {
    list,
    async whyFailed({ serviceId, deployId }, signal) {
      const ended = (await list({ serviceId, type: 'deploy_ended' }, signal)).find(({ details }) => details.deployId === deployId)
      const failure = ended?.details.reason?.failure
      return failure === undefined ? undefined : failureText(failure)
    },
  }
}

function failureText({ oomKilled, nonZeroExit, unhealthy, timedOutReason, timedOutSeconds, earlyExit, evicted }: RenderFailure): string | undefined {
  if (oomKilled !== undefined) return `it needed more memory than ${oomKilled.memoryLimit}`
  if (nonZeroExit !== undefined) return `a command ended with exit status ${nonZeroExit}`
  if (unhealthy !== undefined) return `it was not healthy: ${unhealthy}`
  if (timedOutReason !== undefined) return `it took too long: ${timedOutReason}`
  if (timedOutSeconds !== undefined) return `it took longer than ${timedOutSeconds} s`
  if (earlyExit === true) return 'its command ended, and should go on'
  return evicted === true ? 'Render took its machine away' : undefined
}
