import { appNameSchema, contract, PlimsollError, type AppName } from '@plimsoll/model'
import type { FastifyInstance } from 'fastify'
import type { PreviewKeeper } from '../previews/keep-previews.ts'
import { findPreview, listPreviews, showPreview } from '../previews/show-previews.ts'
import type { ReleaseRunner } from '../release-runner.ts'
import type { Services } from '../services.ts'
import { findApp } from '../use-cases/find-app.ts'
import { locateSource } from '../use-cases/sent-sources.ts'
import { appIn } from './app-in.ts'
import { begunBefore } from './begun-before.ts'
import { serve } from './serve.ts'

export interface PreviewServing {
  readonly services: Services
  readonly runner: ReleaseRunner
  readonly previews: Pick<PreviewKeeper, 'create' | 'end'>
  readonly unit?: { readonly holds: boolean }
}

const dayMs = 24 * 60 * 60_000

/** Throw-away apps from pull requests and branches. */
export function servePreviews(api: FastifyInstance, parts: PreviewServing): void {
  const { services, previews } = parts
  const { store, clock } = services
  serve(api, contract.listPreviews, ({ params, signal }) => listPreviews(parts, appIn(params), signal))
  serve(api, contract.showPreview, ({ params, signal }) => showPreview(parts, whichIn(params), signal))
  serve(api, contract.createPreview, async ({ params, body: { source, ...wanted }, known, traceparent, signal, asking }) => {
    const of = appIn(params)
    const sent = source && (await locateSource(services, { app: of, source, who: known().who })).root
    const { app } = (await begunBefore(services, asking)) ?? (await previews.create({ ...wanted, of, sent, traceparent, asking }, signal))
    return showPreview(parts, { of, app }, signal)
  })
  serve(api, contract.keepPreview, async ({ params, body: { days }, signal }) => {
    const which = whichIn(params)
    await findPreview(services, which)
    const isThere = await store.previews.expire(which.app, days === null ? null : new Date(clock.now() + days * dayMs).toISOString())
    if (!isThere) throw new PlimsollError('PREVIEW_REFUSED', `${which.app} is being ended, with all that it has`)
    return showPreview(parts, which, signal)
  })
  serve(api, contract.endPreview, async ({ params }) => {
    const which = whichIn(params)
    const { app, of } = await findPreview(services, which)
    await previews.end(app)
    return { app, of }
  })
  serve(api, contract.showPreviewSettings, async ({ params }) => {
    await findApp(services, appIn(params))
    return store.previews.settings(appIn(params))
  })
  serve(api, contract.setPreviewSettings, async ({ params, body }) => {
    await findApp(services, appIn(params))
    await store.previews.setSettings(appIn(params), body)
    return body
  })
}

function whichIn(params: Readonly<Record<string, string>>): { readonly of: AppName; readonly app: AppName } {
  const app = appNameSchema.safeParse(params['preview']).data
  if (app === undefined) throw new PlimsollError('USAGE', `"${params['preview'] ?? ''}" cannot be the name of a preview`)
  return { of: appIn(params), app }
}
