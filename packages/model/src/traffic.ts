import { z } from 'zod'
import { addressSchema } from './instance.ts'
import { appNameSchema, releaseNumberSchema, unitNameSchema } from './names.ts'
import { closedSchema, staticSiteSchema } from './unit-spec.ts'

/**
 * How the edge finds out by itself which instances answer, where they are on several machines or move: by a connection, or by a GET on
 * `path` that is answered with less than 400. Left out where the place's own word is enough. By `name` all that run at any time are looked up as one, at the
 * port of `addresses`: one that is about to end has left it.
 */
export const instanceCheckSchema = z.object({ path: z.string().startsWith('/').optional(), everyMs: z.number().int().min(100), name: z.string().optional() })

/** What answers for one Service of one Release: running instances, or files that the edge serves itself. */
export const targetSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('instances'),
    unit: unitNameSchema,
    /** With `check`, a host may be a name that stands for all instances behind it at any time. */
    addresses: z.array(addressSchema).min(1),
    check: instanceCheckSchema.optional(),
  }),
  z.object({ kind: z.literal('files'), unit: unitNameSchema, root: z.string(), site: staticSiteSchema }),
])
export type Target = z.infer<typeof targetSchema>

/** One Release as the edge sees it. Keys of `targets` are service names. */
export const releaseTrafficSchema = z.object({
  release: releaseNumberSchema,
  targets: z.record(z.string(), targetSchema),
  /** service name → Next.js deployment id; requests that carry it are pinned to this release while it is warm. */
  deploymentIds: z.record(z.string(), z.string()),
  /** Services that are under maintenance for as long as this release is live, also for requests that are pinned to another. */
  closed: z.record(z.string(), closedSchema).optional(),
})
export type ReleaseTraffic = z.infer<typeof releaseTrafficSchema>

/** Where a Service is reached from outside: a stable local port, and host names that the shared port understands. */
export const entrySchema = z.object({ port: z.number().int().min(1).max(65535), hosts: z.array(z.string()) })
export type Entry = z.infer<typeof entrySchema>

/** A Release that only a share of the visitors meets, beside the live one. */
export const canarySchema = z.object({ release: releaseTrafficSchema, share: z.number().gt(0).lt(1) })

/** Which Units the requests of an App go to: one value, swapped whole. */
export const trafficSchema = z.object({
  app: appNameSchema,
  /** From the lease of whoever writes. The edge refuses a lower one than it has seen for this app. */
  fence: z.number().int().nonnegative(),
  /** service name → where it is reached. Survives releases. */
  entries: z.record(z.string(), entrySchema),
  live: releaseTrafficSchema,
  /** Still warm, newest first; they get only requests that are pinned to them. */
  previous: z.array(releaseTrafficSchema),
  canary: canarySchema.optional(),
  /**
   * This release and those before it serve nobody any more: nothing is pinned to them, and none of them goes live again.
   * Once set it only grows; the edge keeps it for a value that leaves it out.
   */
  cutOff: releaseNumberSchema.optional(),
})
export type Traffic = z.infer<typeof trafficSchema>
