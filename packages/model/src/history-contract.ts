import { z } from 'zod'
import { releaseSchema } from './release.ts'
import { route } from './route.ts'
import { verificationSummarySchema } from './verification.ts'

/** Newest first; `next` is what to ask for as `before` to see older ones, and null at the end. */
export const releasePageSchema = z.object({ releases: z.array(releaseSchema), next: z.number().int().nullable() })
export type ReleasePage = z.infer<typeof releasePageSchema>

/** As {@link releasePageSchema}. */
export const verificationPageSchema = z.object({ verifications: z.array(verificationSummarySchema), next: z.string().nullable() })
export type VerificationPage = z.infer<typeof verificationPageSchema>

/** How many stand on a page at most, and unless it is said. */
const limit = z.coerce.number().int().min(1).max(100)

/** What was released and verified, page by page: an app that is released ten times a day has thousands of them. */
export const historyContract = {
  listReleases: route({ method: 'GET', path: '/v1/apps/:app/releases', summary: 'Its releases, newest first', needs: 'viewer', query: z.object({ before: z.coerce.number().int().positive().optional(), limit: limit.default(30) }), reply: releasePageSchema }),
  listVerifications: route({ method: 'GET', path: '/v1/apps/:app/verifications', summary: 'What was verified, newest first', needs: 'viewer', query: z.object({ before: z.string().min(1).max(100).optional(), limit: limit.default(30) }), reply: verificationPageSchema }),
} as const
