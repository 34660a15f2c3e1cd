import { z } from 'zod'
import type { Creator } from './create-once.ts'
import type { RenderLine } from './render-line.ts'
import { notedPrefix, pathOf } from './render-request.ts'

const renderJobSchema = z.object({
  id: z.string(),
  serviceId: z.string(),
  startCommand: z.string(),
  /** Absent until Render has taken it up. */
  status: z.enum(['pending', 'running', 'succeeded', 'failed', 'canceled']).optional(),
  createdAt: z.string(),
  startedAt: z.string().optional(),
  finishedAt: z.string().optional(),
})
export type RenderJob = z.infer<typeof renderJobSchema>

const renderCronRunSchema = z.object({
  id: z.string(),
  status: z.enum(['pending', 'successful', 'unsuccessful', 'canceled']),
  startedAt: z.string().optional(),
  finishedAt: z.string().optional(),
})
export type RenderCronRun = z.infer<typeof renderCronRunSchema>

export interface RenderNewJob {
  readonly serviceId: string
  readonly startCommand: string
  readonly planId?: string
}

/** One-off commands in what a service has live. Free services cannot run any. */
export interface RenderJobs {
  /** A lost answer does not run the command twice. */
  create(wanted: RenderNewJob, signal: AbortSignal): Promise<RenderJob>
  get(place: { readonly serviceId: string; readonly jobId: string }, signal: AbortSignal): Promise<RenderJob | undefined>
  /** Runs a cron job now, and ends the run that is under way. Where the answer is lost nobody can tell whether it was done, so that it throws `RENDER_DOWN`. */
  runCron(cronJobId: string, signal: AbortSignal): Promise<RenderCronRun>
}

export function createJobs(line: RenderLine, creator: Creator): RenderJobs {
  const entry = z.object({ cursor: z.string(), job: renderJobSchema })
  const createdAt = () => new Date(line.clock.now()).toISOString()
  return {
    create: ({ serviceId, startCommand, planId }, signal) => creator.create<RenderJob, RenderJob>({
      alike: `job ${serviceId}`,
      list: async (until) => (await line.list(entry, { path: pathOf('services', serviceId, 'jobs'), to: `list the jobs of ${serviceId}`, most: 100 }, until)).map(({ job }) => job),
      couldBe: (job) => job.startCommand === startCommand,
      answerOf: (job) => job,
      write: {
        path: pathOf('services', serviceId, 'jobs'), to: `run a command in ${serviceId}`, body: { startCommand, planId }, answer: renderJobSchema,
        pretended: { id: `${notedPrefix}job`, serviceId, startCommand, createdAt: createdAt() },
      },
    }, signal),
    get: ({ serviceId, jobId }, signal) => line.find(renderJobSchema, { path: pathOf('services', serviceId, 'jobs', jobId), to: `show the job ${jobId}` }, signal),
    runCron: (cronJobId, signal) => line.write({
      method: 'POST', path: pathOf('cron-jobs', cronJobId, 'runs'), to: `run the cron job ${cronJobId}`, answer: renderCronRunSchema, pretended: { id: `${notedPrefix}run`, status: 'pending' },
    }, signal),
  }
}
