import { z } from 'zod'
import { buildsSchema } from './builds.ts'
import { environmentViewSchema } from './environment-view.ts'
import { appNameSchema } from './names.ts'
import { releaseChangesSchema } from './release-changes.ts'
import { releaseSchema } from './release.ts'
import { route } from './route.ts'

/** A small app that comes with Plimsoll, to look around with. */
const sampleSchema = z.discriminatedUnion('isThere', [z.object({ isThere: z.literal(true), app: appNameSchema }), z.object({ isThere: z.literal(false) })])
export type Sample = z.infer<typeof sampleSchema>

/** What somebody reads to understand an App and its releases, and how they come by a first one: a part of the contract. */
export const insightContract = {
  showChanges: route({ method: 'GET', path: '/v1/apps/:app/releases/:release/changes', summary: 'How a release differs from the one that was live before it, or from another', needs: 'viewer', query: z.object({ against: z.coerce.number().int().positive().optional() }), reply: releaseChangesSchema }),
  showEnvironment: route({ method: 'GET', path: '/v1/apps/:app/environment', summary: 'What its services are given and where each value comes from, by name', needs: 'viewer', reply: environmentViewSchema }),
  showBuilds: route({ method: 'GET', path: '/v1/apps/:app/builds', summary: 'How its newest releases were built: what took how long, and why', needs: 'viewer', reply: buildsSchema }),
  describeSample: route({ method: 'GET', path: '/v1/sample', summary: 'Whether this installation has a sample to release', needs: 'to be known', reply: sampleSchema }),
  releaseSample: route({ method: 'POST', path: '/v1/sample/releases', summary: 'Release the sample', needs: 'admin', reply: releaseSchema }),
} as const
