import { z } from 'zod'
import { appNameSchema, releaseNumberSchema, serviceNameSchema } from './names.ts'

const ms = z.number().nonnegative()

/** What one Service cost in the build of one release. */
const serviceBuildSchema = z.object({
  service: serviceNameSchema,
  /** False where equal inputs had been built before. */
  fresh: z.boolean(),
  /** From the beginning of the build step, with the wait for its turn. */
  tookMs: ms,
  /** Of it, until it was its turn; absent where nobody has measured. */
  waitedMs: ms.optional(),
  sizeBytes: z.number().int().nonnegative(),
  /** Of the build of this service before; absent for the first that is known. */
  wasBytes: z.number().int().nonnegative().optional(),
  /** Why it was built, or from where it was taken, in a few words; absent where that is not known. */
  why: z.string().optional(),
})
export type ServiceBuild = z.infer<typeof serviceBuildSchema>

/** The build step of one release. */
const releaseBuildSchema = z.object({
  release: releaseNumberSchema,
  at: z.iso.datetime(),
  tookMs: ms,
  services: z.array(serviceBuildSchema),
  /** What the step waited for, one after the other: making another service faster would not have made it shorter. Empty where nothing was built. */
  criticalPath: z.array(serviceNameSchema),
})
export type ReleaseBuild = z.infer<typeof releaseBuildSchema>

/** How the newest releases of an App were built, newest first. */
export const buildsSchema = z.object({
  app: appNameSchema,
  releases: z.array(releaseBuildSchema),
  /** Over all releases that are told of under “How they go”, in which something was built anew; null where there is none. */
  times: z.object({ p50Ms: ms, p95Ms: ms, count: z.number().int().positive(), barMs: ms }).nullable(),
})
export type Builds = z.infer<typeof buildsSchema>
