import { contract, releaseNumberSchema } from '@plimsoll/model'
import type { FastifyInstance } from 'fastify'
import type { ReleaseRunner } from '../release-runner.ts'
import type { Services } from '../services.ts'
import { describeSample, releaseSample } from '../use-cases/release-sample.ts'
import { showBuilds } from '../use-cases/show-builds.ts'
import { showChanges } from '../use-cases/show-changes.ts'
import { showEnvironment } from '../use-cases/show-environment.ts'
import { appIn } from './app-in.ts'
import { releaseIn } from './release-in.ts'
import { serve } from './serve.ts'

/** What somebody reads to understand an app and its releases, and how they come by a first one. */
export function serveInsight(api: FastifyInstance, parts: { readonly services: Services; readonly runner: ReleaseRunner }): void {
  const { services } = parts
  serve(api, contract.showChanges, ({ params, query }) => showChanges(services, { app: appIn(params), release: releaseIn(params), against: query.against === undefined ? undefined : releaseNumberSchema.parse(query.against) }))
  serve(api, contract.showEnvironment, ({ params }) => showEnvironment(services, appIn(params)))
  serve(api, contract.showBuilds, ({ params }) => showBuilds(services, appIn(params)))
  serve(api, contract.describeSample, async () => describeSample(services))
  serve(api, contract.releaseSample, ({ signal }) => releaseSample(parts, signal))
}
