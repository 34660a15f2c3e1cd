import { z } from 'zod'
import { releaseNumberSchema, serviceNameSchema } from './names.ts'
import { problemSchema } from './plimsoll-error.ts'

/** How the edge's requests to one Service of one Release went, over some time. */
export const tallySchema = z.object({
  requests: z.number().int().nonnegative(),
  /** Answers with 5xx. */
  errors: z.number().int().nonnegative(),
  /** Connections to instances that were refused, reset, or cut in the middle of an answer. */
  broken: z.number().int().nonnegative(),
  /** 19 of 20 answers began within this many milliseconds; null when there was none. */
  p95Ms: z.number().nonnegative().nullable(),
})
export type Tally = z.infer<typeof tallySchema>

/** One Service under watch, as it was last looked at. */
export const watchedServiceSchema = z.object({
  service: serviceNameSchema,
  /** Of users' requests: to the release that is watched, lately, and to the one it is compared with. */
  now: tallySchema,
  before: tallySchema,
  /** Requests that the watch itself made, because users made too few to judge by, and how many of them went badly. */
  asked: z.number().int().nonnegative(),
  askedBadly: z.number().int().nonnegative(),
  /** `kept`: both releases share the unit, so that there is nothing to compare. `as-bad`: bad, but the release before is or was no better. */
  is: z.enum(['well', 'quiet', 'kept', 'worse', 'as-bad']),
  /** One sentence with the numbers. */
  finding: z.string(),
})
export type WatchedService = z.infer<typeof watchedServiceSchema>

export const lookSchema = z.object({
  at: z.iso.datetime(),
  services: z.array(watchedServiceSchema),
  /** Why it stays although it is not well, or why nothing is looked at now. */
  note: z.string().optional(),
})
export type Look = z.infer<typeof lookSchema>

/**
 * `waiting` until the release is live; `watching`; then `passed`, `went-back` (by itself, to `previous`), `needs-attention`
 * (it was bad to the end, and going back would not have helped or was not possible), or `ended` early, because another release
 * serves or nothing does. `going-back` is written before the rollback begins, so that a restart completes it.
 */
export const watchStates = ['waiting', 'watching', 'going-back', 'passed', 'went-back', 'needs-attention', 'ended'] as const

/** How a Release is looked after once it is live. */
export const watchSchema = z.object({
  forMs: z.number().int().positive(),
  state: z.enum(watchStates),
  startedAt: z.iso.datetime().optional(),
  endsAt: z.iso.datetime().optional(),
  /** The release that it is compared with, and that it goes back to. */
  previous: releaseNumberSchema.optional(),
  /** service → how the release before did until the switch. */
  before: z.record(z.string(), tallySchema).optional(),
  look: lookSchema.optional(),
  problem: problemSchema.optional(),
})
export type Watch = z.infer<typeof watchSchema>
