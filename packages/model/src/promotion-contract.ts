import { z } from 'zod'
import { appNameSchema, releaseNumberSchema } from './names.ts'
import { promotionPlanSchema } from './promotion.ts'
import { releaseSchema } from './release.ts'
import { route } from './route.ts'

const planSchema = z.object({
  from: appNameSchema,
  /** What is to be set before it starts, and counts as set. */
  values: z.record(z.string(), z.string()).default({}),
})

const promoteSchema = z.object({
  from: appNameSchema,
  /** The release that was shown: refused when another one is live there by now. Whichever is live unless given. */
  release: releaseNumberSchema.optional(),
  /** As of any release: whether it answers to the custom domains of the Blueprint. */
  domains: z.boolean().optional(),
  waitMs: z.number().int().nonnegative().optional(),
  watchMs: z.number().int().nonnegative().max(24 * 60 * 60_000).optional(),
  skipVerify: z.string().trim().min(3).max(500).optional(),
})

/** How the artifacts that ran in one place come to another: a part of the contract. */
export const promotionContract = {
  describePromotion: route({ method: 'POST', path: '/v1/apps/:app/promotions/preview', summary: 'What releasing the artifacts that are live in another app would do, without doing it', needs: 'releaser', body: planSchema, reply: promotionPlanSchema, noted: ({ from, values }) => ({ from, keys: Object.keys(values) }) }),
  promote: route({ method: 'POST', path: '/v1/apps/:app/promotions', summary: 'Release the very artifacts that are live in another app; nothing is built', needs: 'releaser', body: promoteSchema, reply: releaseSchema, noted: ({ from, release, skipVerify }) => ({ from, release, skipVerify }) }),
} as const
