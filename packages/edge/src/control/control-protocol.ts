import { countersSchema } from '@plimsoll/engine'
import { appNameSchema, holdsSchema, maintenanceSchema, pauseSchema, releaseNumberSchema, trafficSchema } from '@plimsoll/model'
import { z } from 'zod'

/** What the edge's control socket understands: method and path, and the schema of what comes with it. */
export const drainBodySchema = z.object({
  release: releaseNumberSchema,
  requestGraceMs: z.number().nonnegative(),
  streamGraceMs: z.number().nonnegative(),
})

export const publishBodySchema = z.object({
  release: releaseNumberSchema,
  service: z.string().min(1),
  directory: z.string().startsWith('/'),
  urlPrefix: z.string().regex(/^\/(?:.*\/)?$/),
})

export const pauseBodySchema = z.object({ fence: z.number().int().nonnegative(), pause: pauseSchema.nullable() })

export const maintainBodySchema = z.object({ maintenance: maintenanceSchema.nullable() })

export const quiesceBodySchema = z.object({ graceMs: z.number().nonnegative() })

export const quiesceReportSchema = z.object({ waitedMs: z.number(), leftRequests: z.number() })

export const roomSchema = z.object({ maxBytes: z.number().nonnegative(), minFreeBytes: z.number().nonnegative() })

export const drainReportSchema = z.object({ waitedMs: z.number(), cutRequests: z.number(), cutStreams: z.number(), away: z.array(z.string()).optional() })

/** Grows when the verbs or their bodies change so that an older edge cannot be adopted. */
export const protocol = 4

/** The edge answers on its control socket only when it serves, so having this answer is being ready. */
export const edgeHealthSchema = z.object({
  protocol: z.number().int(),
  /** Which Plimsoll it belongs to. */
  version: z.string().optional(),
  pid: z.number().int(),
  /** The process that takes over from it, when there is one. */
  heir: z.number().int().optional(),
  startedAt: z.iso.datetime(),
  /** The port that all hosts share, if there is one. */
  port: z.number().int().optional(),
  /** The executable of the HAProxy that listens for it, where one does. */
  haproxy: z.string().optional(),
  apps: z.array(appNameSchema),
  /** Ports of the table that could not be opened; they are tried again every second. */
  closedPorts: z.array(z.number().int()),
})
export type EdgeHealth = z.infer<typeof edgeHealthSchema>

/** The program that takes over: `node`, its own options, the file, and the file's options. */
export const replaceBodySchema = z.object({
  program: z.object({ node: z.string(), nodeOptions: z.array(z.string()), entry: z.string(), options: z.array(z.string()) }),
  graceMs: z.number().nonnegative(),
})
export type ReplaceBody = z.infer<typeof replaceBodySchema>

export const trafficAnswerSchema = z.object({ traffic: trafficSchema.optional() })

export const standingsAnswerSchema = z.object({ standings: z.array(trafficAnswerSchema.extend({ app: appNameSchema, holds: holdsSchema })) })

/** Asked with POST, as the names of many apps are more than an address holds. */
export const countersBodySchema = z.object({ apps: z.array(appNameSchema) })

export const countersAnswerSchema = z.object({ counters: z.array(z.object({ app: appNameSchema, counters: countersSchema })) })
