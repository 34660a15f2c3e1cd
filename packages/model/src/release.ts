import { z } from 'zod'
import { imageReferenceSchema } from './image-reference.ts'
import { appNameSchema, releaseNumberSchema } from './names.ts'
import { outcomeSchema } from './journal-entry.ts'
import { previewDataSchema } from './preview.ts'
import { traceparentSchema } from './traceparent.ts'
import { watchSchema } from './watch.ts'

/** What is released: a commit, or the working tree as it stood. */
export const sourceSchema = z.object({
  /** Absolute path of the directory that holds render.yaml. */
  root: z.string(),
  /** Path of the Blueprint, relative to `root`. */
  blueprint: z.string(),
  commit: z.string().optional(),
  branch: z.string().optional(),
  subject: z.string().optional(),
  /** When the commit was made, as its committer's clock has it. */
  committedAt: z.iso.datetime().optional(),
  /** True when files differed from `commit`, or when there is no commit at all. */
  dirty: z.boolean(),
  /** service → the image that it runs in place of one that is built, as it was asked for. */
  images: z.record(z.string(), imageReferenceSchema).optional(),
  /** The release of another app whose very artifacts it runs, and whose Blueprint it goes by: nothing is built. */
  promotedFrom: z.object({ app: appNameSchema, release: releaseNumberSchema }).optional(),
  /** Given for a release of a preview: of which app it is one, and with what its databases begin. */
  preview: z.object({ of: appNameSchema, data: previewDataSchema }).optional(),
  /** False where the place does not answer to the custom domains of the Blueprint. */
  domains: z.literal(false).optional(),
})
export type Source = z.infer<typeof sourceSchema>

/**
 * `releasing` while its pipeline runs; then `live`, `previous` (warm, one
 * pointer away), `retired`, `undone` (failed before or at the switch and taken
 * back), `unchanged` (nothing was new), `completed` (a rollback that did its work;
 * the release that it went back to is the one that is live) or `stuck`.
 */
export const releaseStates = ['releasing', 'live', 'previous', 'retired', 'undone', 'unchanged', 'completed', 'stuck'] as const
export type ReleaseState = (typeof releaseStates)[number]

/** A step as it is shown: `name` is what the journal writes, `title` what a person reads. */
export const stepLabelSchema = z.object({
  name: z.string(),
  title: z.string(),
  /** From here on, a release is not undone. */
  pointOfNoReturn: z.literal(true).optional(),
  /** `data`: it may change what no undo changes back. `share`: a part of the users meets the release. `switch`: users move from one release to the other. */
  moment: z.enum(['data', 'share', 'switch']).optional(),
})
export type StepLabel = z.infer<typeof stepLabelSchema>

/** One step of a canary: this share of the visitors, for this long. */
export const canaryStepSchema = z.object({ share: z.number().gt(0).lt(1), forMs: z.number().int().positive() })
export type CanaryStep = z.infer<typeof canaryStepSchema>

/** A share never falls: whoever has met a release stays with it. */
export const canaryPlanSchema = z.array(canaryStepSchema).min(1).max(20).refine((steps) => steps.every(({ share }, i) => share > (steps[i - 1]?.share ?? 0)), 'each share must be larger than the one before')

export const releaseSchema = z.object({
  app: appNameSchema,
  number: releaseNumberSchema,
  kind: z.enum(['release', 'rollback']),
  /** For a rollback: the release whose units serve again. */
  backTo: releaseNumberSchema.optional(),
  state: z.enum(releaseStates),
  source: sourceSchema,
  /** The pipeline's steps in order, as they were when this release began: what every timeline is drawn from. */
  steps: z.array(stepLabelSchema),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().optional(),
  outcome: outcomeSchema.optional(),
  /** Given for a release that is tried on a share of the visitors first. */
  canary: canaryPlanSchema.optional(),
  /** Given for a release whose requests wait from before its migration until after its switch. */
  paused: z.literal(true).optional(),
  /** Given for a release that was not tried in a throw-away copy first: why not, in the words of whoever began it. */
  unproven: z.string().min(1).max(500).optional(),
  /** Absent for a release that is not looked after once it is live. */
  watch: watchSchema.optional(),
  /** What asked for it, in the trace that it belongs to; absent where nobody traces. */
  traceparent: traceparentSchema.optional(),
})
export type Release = z.infer<typeof releaseSchema>
