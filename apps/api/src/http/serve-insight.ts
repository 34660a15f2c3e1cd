import { contract, releaseNumberSchema } from '@plimsoll/model'
import type { FastifyInstance } from 'fastify'
import type { Services } from '../services.ts'
import { showChanges } from '../use-cases/show-changes.ts'
import { appIn } from './app-in.ts'
import { releaseIn } from './release-in.ts'
import { serve } from './serve.ts'

/** What somebody reads to understand an app and its releases. */
export function serveInsight(api: FastifyInstance, services: Services): void {
  serve(api, contract.showChanges, ({ params, query }) => showChanges(services, { app: appIn(params), release: releaseIn(params), against: query.against === undefined ? undefined : releaseNumberSchema.parse(query.against) }))
}
