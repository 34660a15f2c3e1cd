import { z } from 'zod'
import { releaseNumberSchema } from './names.ts'
import { tallySchema } from './watch.ts'

/** How the requests to one Release went, over some time. */
const releaseTallySchema = tallySchema.extend({ release: releaseNumberSchema })
export type ReleaseTally = z.infer<typeof releaseTallySchema>

/** A stretch of time, at first a second, and what each Release was asked in it; a Release that nobody asked is left out. */
const trafficPointSchema = z.object({
  from: z.iso.datetime(),
  forMs: z.number().positive(),
  releases: z.array(releaseTallySchema),
})
export type TrafficPoint = z.infer<typeof trafficPointSchema>

/** All the time over which requests were sent to the same Releases: a new one begins with a canary, with each of its shares, with the switch, and with going back. */
const trafficPhaseSchema = trafficPointSchema.extend({
  forMs: z.number().nonnegative(),
  /** Null where nothing is live. */
  live: releaseNumberSchema.nullable(),
  canary: z.object({ release: releaseNumberSchema, share: z.number() }).nullable(),
})
export type TrafficPhase = z.infer<typeof trafficPhaseSchema>

/** What users got while a Release took over, as the edge counted it: from a minute before anybody met it until nobody looks after it any more. */
export const trafficPictureSchema = z.object({
  /** Whether it goes on. */
  painting: z.boolean(),
  /** In order; empty where nothing was seen. Those from the first phase on are complete: their sums are those of the phases. */
  points: z.array(trafficPointSchema),
  phases: z.array(trafficPhaseSchema),
  /** When the edge began to count anew, because it had died: what it had counted in the second before is not known. */
  restarts: z.array(z.iso.datetime()),
})
export type TrafficPicture = z.infer<typeof trafficPictureSchema>

/** One event of a picture that goes on. `picture` is the whole and comes first; `point` comes in the place of the last one when it begins where that does. */
export const trafficEventSchema = z.discriminatedUnion('event', [
  z.object({ event: z.literal('picture'), data: trafficPictureSchema }),
  z.object({ event: z.literal('point'), data: trafficPictureSchema.omit({ painting: true, points: true }).extend({ point: trafficPointSchema }) }),
  z.object({ event: z.literal('end'), data: trafficPictureSchema }),
])
export type TrafficEvent = z.infer<typeof trafficEventSchema>
