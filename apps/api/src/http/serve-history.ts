import { contract, releaseNumberSchema } from '@plimsoll/model'
import type { FastifyInstance } from 'fastify'
import type { Services } from '../services.ts'
import { findApp } from '../use-cases/find-app.ts'
import { appIn } from './app-in.ts'
import { serve } from './serve.ts'

/** What was released and verified, page by page. */
export function serveHistory(api: FastifyInstance, services: Pick<Services, 'store'>): void {
  const { store } = services
  serve(api, contract.listReleases, async ({ params, query: { before, limit } }) => {
    const { name } = await findApp(services, appIn(params))
    const { releases, next } = await store.releases.list(name, { limit, before: before === undefined ? undefined : releaseNumberSchema.parse(before) })
    return { releases: [...releases], next: next ?? null }
  })
  serve(api, contract.listVerifications, ({ params, query }) => store.verifications.page(appIn(params), query))
}
