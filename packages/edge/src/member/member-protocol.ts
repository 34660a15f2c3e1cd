import { appNameSchema } from '@plimsoll/model'
import { z } from 'zod'
import { assetManifestSchema } from '../assets/asset-manifest.ts'
import { snapshotSchema } from '../table/snapshot.ts'

/** Grows when what an edge of a fleet is asked changes so that an older one cannot be steered. */
export const memberProtocol = 2

/** How an edge of a fleet is; asked again and again, so it is short. */
export const wordSchema = z.object({
  protocol: z.number().int(),
  version: z.string().optional(),
  /** Of this process, and of no other. */
  life: z.string(),
  startedAt: z.iso.datetime(),
  /** Another one whenever it may have been left out of a switch. What is said with it was said since then, however long it was under way. */
  waking: z.string().default(''),
  generation: z.number().int().nonnegative(),
  /** Of all that it was told: two edges with the same one serve alike. */
  digest: z.string(),
  /** False until it was given a table in this life: then no port of it is open. */
  serving: z.boolean(),
  /** Ports of the table that could not be opened; they are tried again every second. */
  closedPorts: z.array(z.number().int()),
})
export type Word = z.infer<typeof wordSchema>

/** A table that is to be taken, and the ports without which it shall not. */
export const stageBodySchema = z.object({ table: snapshotSchema, mustOpen: z.array(z.number().int().min(1).max(65535)) })

/** Which table it is that is meant. */
export const commitBodySchema = z.object({ digest: z.string(), waking: z.string().optional() })

/** The machines of the cluster, and which instance is on which. It is no part of the table: an edge that was not told serves all the same. */
export const machinesBodySchema = z.object({ machines: z.array(z.object({ host: z.string(), port: z.number().int().min(1).max(65535), addresses: z.array(z.string()), hasEdge: z.boolean() })) })

export const publishedSchema = z.object({ app: appNameSchema, manifest: assetManifestSchema })

/** Digests of the files that are missing; with none, the tree is published. */
export const lackingSchema = z.object({ lacking: z.array(z.string()) })

export const publishedListSchema = z.object({ published: z.array(z.string()) })
