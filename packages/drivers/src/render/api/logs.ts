import { z } from 'zod'
import type { RenderLine } from './render-line.ts'

const renderLogLineSchema = z.object({
  id: z.string(),
  message: z.string(),
  timestamp: z.string(),
  labels: z.array(z.object({ name: z.string(), value: z.string() })),
})
export type RenderLogLine = z.infer<typeof renderLogLineSchema>

const renderLogPageSchema = z.object({ logs: z.array(renderLogLineSchema), hasMore: z.boolean(), nextStartTime: z.string(), nextEndTime: z.string() })
/** `nextStartTime` and `nextEndTime` ask for the next page, in the same direction. */
export type RenderLogPage = z.infer<typeof renderLogPageSchema>

export interface RenderLogQuestion {
  readonly ownerId: string
  /** Ids of services, databases or key-value services. */
  readonly resources: readonly string[]
  readonly types?: readonly ('app' | 'request' | 'build')[]
  readonly startTime?: string
  readonly endTime?: string
  /** Backward, the newest first, unless told. */
  readonly direction?: 'forward' | 'backward'
  readonly instances?: readonly string[]
  /** 1 to 100; 20 unless told. */
  readonly limit?: number
}

export interface RenderLogs {
  page(question: RenderLogQuestion, signal: AbortSignal): Promise<RenderLogPage>
  /** Page by page as they are read, while there are more. */
  lines(question: RenderLogQuestion, signal: AbortSignal): AsyncGenerator<RenderLogLine, void>
}

export function createLogs(line: RenderLine): RenderLogs {
  const page: RenderLogs['page'] = ({ ownerId, resources, types, startTime, endTime, direction, instances, limit }, signal) => line.read(renderLogPageSchema, {
    path: '/logs', query: { ownerId, resource: resources, type: types, startTime, endTime, direction, instance: instances, limit }, lists: 'repeated', to: `show the logs of ${resources.join(', ')}`,
  }, signal)
  return {
    page,
    async *lines(question, signal) {
      for (let asked = { limit: 100, ...question }; ;) {
        const { logs, hasMore, nextStartTime, nextEndTime } = await page(asked, signal)
        yield* logs
        if (!hasMore) return
        asked = { ...asked, startTime: nextStartTime, endTime: nextEndTime }
      }
    },
  }
}
