import { contract } from '@plimsoll/model'
import type { FastifyInstance } from 'fastify'
import type { ReleaseRunner } from '../release-runner.ts'
import type { Services } from '../services.ts'
import { describePromotion } from '../use-cases/describe-promotion.ts'
import { promote } from '../use-cases/promote.ts'
import { appIn } from './app-in.ts'
import { assertReleases } from './assert-releases.ts'
import { begunBefore } from './begun-before.ts'
import { serve } from './serve.ts'

/** How the artifacts that ran in one place come to another. */
export function servePromotions(api: FastifyInstance, parts: { readonly services: Services; readonly runner: ReleaseRunner }): void {
  serve(api, contract.describePromotion, async ({ params, body: { from, values }, known, signal }) => {
    assertReleases(known().who, from)
    return describePromotion(parts.services, { app: appIn(params), from, values }, signal)
  })
  serve(api, contract.promote, async ({ params, body, known, traceparent, signal, asking }) => {
    assertReleases(known().who, body.from)
    return (await begunBefore(parts.services, asking)) ?? promote(parts, { ...body, app: appIn(params), traceparent, asking }, signal)
  })
}
