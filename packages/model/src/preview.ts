import { z } from 'zod'
import { appNameSchema, releaseNumberSchema } from './names.ts'

/**
 * What the databases of a Preview begin with: `clone`: what those of its App hold at that moment; `empty`: nothing, and then what pre-deploy commands and
 * `initialDeployHook` make.
 */
export const previewDataSchema = z.enum(['clone', 'empty'])
export type PreviewData = z.infer<typeof previewDataSchema>

/** A throw-away App that shows what a pull request, or a branch, would make of another App. */
export const previewSchema = z.object({
  /** Its own name: everything that an App can be asked, it can be asked under this name. */
  app: appNameSchema,
  /** The App that it is a preview of. */
  of: appNameSchema,
  /** Number of the pull request; null for one that was made from a branch by hand. */
  pull: z.number().int().positive().nullable(),
  branch: z.string().nullable(),
  /** The commit that was asked for last. */
  commit: z.string().nullable(),
  data: previewDataSchema,
  /** `making`: a release of it is under way; `failed`: none is live, and none is under way; `ending`: it is being removed with all that it has. */
  state: z.enum(['making', 'live', 'failed', 'ending']),
  /** Its newest release. */
  release: releaseNumberSchema.nullable(),
  /** Where people reach it. */
  addresses: z.array(z.object({ service: z.string(), url: z.string(), namedUrl: z.string().optional() })),
  /** What went wrong with it last. */
  why: z.string().nullable(),
  createdAt: z.iso.datetime(),
  /** When a commit was last asked for. */
  updatedAt: z.iso.datetime(),
  /** When it ends by itself; null for one that is kept until somebody ends it, or its pull request is closed. */
  expiresAt: z.iso.datetime().nullable(),
})
export type Preview = z.infer<typeof previewSchema>

const keySchema = z.string().max(300).regex(/^(?:\*|[^/]+\/[A-Za-z_][A-Za-z0-9_]*)$/, 'must be SERVICE/KEY, group:GROUP/KEY, or *')

/** How previews of an App are made. What belongs to its Blueprint (`previews.generation`, `previews.expireAfterDays`, `previewValue`) is not here. */
export const previewSettingsSchema = z.strictObject({
  data: previewDataSchema.default('clone'),
  /** Values that a person has set (`sync: false`), which come along, by the keys under which they are kept; `*` for all. */
  secrets: z.array(keySchema).max(200).default([]),
  /** Whether pull requests from forks have one: that lets a stranger's code read what its databases hold. */
  forks: z.boolean().default(false),
  /** Whether their releases are proven in a throw-away copy first. */
  verify: z.boolean().default(false),
  /** How many there are at once. */
  limit: z.number().int().min(1).max(50).default(5),
  /** What is done when there are as many: the next one is refused, or the one that was updated longest ago is ended for it. */
  whenFull: z.enum(['refuse', 'end-oldest']).default('refuse'),
  /** After how many days without a new commit one ends, where the Blueprint does not say. */
  expireAfterDays: z.number().int().min(1).max(365).default(7),
})
export type PreviewSettings = z.infer<typeof previewSettingsSchema>
