import { z } from 'zod'
import { releaseChangesSchema } from './release-changes.ts'
import { route } from './route.ts'

/** What somebody reads to understand an App and its releases: the part of the contract that changes nothing. */
export const insightContract = {
  showChanges: route({ method: 'GET', path: '/v1/apps/:app/releases/:release/changes', summary: 'How a release differs from the one that was live before it, or from another', needs: 'viewer', query: z.object({ against: z.coerce.number().int().positive().optional() }), reply: releaseChangesSchema }),
} as const
