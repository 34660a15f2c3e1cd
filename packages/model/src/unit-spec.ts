import { z } from 'zod'
import { imageReferenceSchema } from './image-reference.ts'
import { serviceNameSchema } from './names.ts'

export const serviceKinds = ['web', 'pserv', 'worker', 'cron', 'static', 'keyvalue'] as const
export type ServiceKind = (typeof serviceKinds)[number]

const headerRuleSchema = z.object({ path: z.string(), name: z.string(), value: z.string() })
const routeRuleSchema = z.object({ type: z.enum(['redirect', 'rewrite']), source: z.string(), destination: z.string() })

/** How a static site answers: Render's `staticPublishPath`, `headers` and `routes`, in the Blueprint's order. */
export const staticSiteSchema = z.object({
  publishPath: z.string(),
  headers: z.array(headerRuleSchema),
  routes: z.array(routeRuleSchema),
})
export type StaticSite = z.infer<typeof staticSiteSchema>

/** What whoever asks from outside gets in place of a Service: the page at `uri`, else the Edge's own. */
export const closedSchema = z.object({ uri: z.string().optional() })
export type Closed = z.infer<typeof closedSchema>

/** What a place must know to build and to run one Service, with every default filled in. No environment: see `Wiring`. */
export const unitSpecSchema = z.object({
  service: serviceNameSchema,
  kind: z.enum(serviceKinds),
  /** The Blueprint's `runtime`: node, docker, image, static, … */
  runtime: z.string(),
  /** Relative to the repository's root; empty for the root itself. */
  rootDir: z.string(),
  /** For `runtime: docker`: paths as the Blueprint gives them, relative to `rootDir` or else to the repository's root; empty for that itself. */
  docker: z.object({ dockerfile: z.string(), context: z.string() }).optional(),
  /**
   * What its containers are made from, in place of anything that is built: an image of a registry, once planned by its digest. `credentials` is the
   * Blueprint's name for what the registry wants to see.
   */
  image: z.object({ reference: imageReferenceSchema, credentials: z.string().optional() }).optional(),
  buildCommand: z.string().optional(),
  startCommand: z.string().optional(),
  preDeployCommand: z.string().optional(),
  initialDeployHook: z.string().optional(),
  healthCheckPath: z.string().optional(),
  /** Services of the same Blueprint that this one is told the private address of, itself not among them. */
  reaches: z.array(serviceNameSchema).readonly().default([]),
  /** Between SIGTERM and SIGKILL. */
  maxShutdownDelayMs: z.number().int().positive(),
  instances: z.number().int().positive(),
  /** Five cron fields, UTC; only for `cron`. */
  schedule: z.string().optional(),
  staticSite: staticSiteSchema.optional(),
  /** Globs relative to the repository's root, as the Blueprint gives them. */
  buildFilter: z.object({ paths: z.array(z.string()), ignoredPaths: z.array(z.string()) }).optional(),
  plan: z.string().optional(),
  /** Files of its own that outlive releases, where the place has that; `mountPath` is absolute. */
  disk: z.object({ name: z.string(), mountPath: z.string() }).optional(),
  /** For a worker: that the new one may start before the previous one has finished. */
  overlaps: z.literal(true).optional(),
  /** Host names of its own under which it is reached from outside, as the Blueprint gives them. */
  domains: z.array(z.string()).optional(),
  /** The Blueprint's `maintenanceMode`, enabled: requests from outside get a page, while the unit runs and the others of its release reach it. */
  maintenance: closedSchema.optional(),
})
export type UnitSpec = z.infer<typeof unitSpecSchema>

/** Kinds that listen: they are given a port, are health-checked and can be the target of `fromService` host and port. */
export function listens(kind: ServiceKind): boolean {
  return kind === 'web' || kind === 'pserv'
}

/** Kinds whose traffic comes through the edge under a public name. */
export function isPublic(kind: ServiceKind): boolean {
  return kind === 'web' || kind === 'static'
}

/** Kinds that run for as long as their Release is live and take work without being asked. */
export function takesWork(kind: ServiceKind): boolean {
  return kind === 'worker'
}
