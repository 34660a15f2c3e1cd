import { randomUUID } from 'node:crypto'
import type { Clock } from '@plimsoll/engine'
import { contract, releaseNumberSchema } from '@plimsoll/model'
import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import type { ProviderSettings } from '../access/provider-settings.ts'
import { createAttempts } from '../access/attempts.ts'
import { knowWho } from '../access/who-asks.ts'
import type { CronKeeper } from '../keep-crons.ts'
import type { HookKeeper } from '../hooks/keep-hooks.ts'
import type { PreviewKeeper } from '../previews/keep-previews.ts'
import type { ReleaseRunner } from '../release-runner.ts'
import type { Services } from '../services.ts'
import { buildImages } from '../use-cases/build-images.ts'
import { cutOffReleases } from '../use-cases/cut-off.ts'
import { describeRollback } from '../use-cases/describe-rollback.ts'
import { findRelease, watchRelease } from '../use-cases/watch-release.ts'
import { listApps, showApp } from '../use-cases/show-app.ts'
import { createMaintainer, pauseApp, resumeApp, showHolds } from '../use-cases/hold-app.ts'
import { listValues, setValues, unsetValue } from '../use-cases/values.ts'
import { readLogs } from '../use-cases/read-logs.ts'
import { checkReady } from '../use-cases/check-ready.ts'
import { rollBack } from '../use-cases/roll-back.ts'
import { showEvidence, showVerification } from '../use-cases/show-verification.ts'
import { locateSource, receiveSent } from '../use-cases/sent-sources.ts'
import { showRelease } from '../use-cases/show-release.ts'
import { showSuccess } from '../use-cases/show-success.ts'
import { previewInPlace } from '../use-cases/preview-in-place.ts'
import { startRelease } from '../use-cases/start-release.ts'
import { takeAllDown } from '../use-cases/take-all-down.ts'
import { takeDown } from '../use-cases/take-down.ts'
import type { Painter } from '../traffic/painter.ts'
import type { Verifier } from '../verify/create-verifier.ts'
import { appIn } from './app-in.ts'
import { createAuditTrail } from './audit-trail.ts'
import { guard } from './guard.ts'
import { begunBefore } from './begun-before.ts'
import { createRepeatedRequests } from './repeated-requests.ts'
import { replyWith, sendProblems } from './problem-replies.ts'
import { serveProvider } from './serve-provider.ts'
import { releaseIn } from './release-in.ts'
import { serveAccess } from './serve-access.ts'
import { serveInsight } from './serve-insight.ts'
import { serveHistory } from './serve-history.ts'
import { serveSecrets } from './serve-secrets.ts'
import { createMetrics } from './metrics.ts'
import { servePromotions } from './serve-promotions.ts'
import { servePreviews } from './serve-previews.ts'
import { serveHooks } from './serve-hooks.ts'
import { serveRunning } from './serve-running.ts'
import { serveNotifications } from './serve-notifications.ts'
import { serveDocumentation } from './serve-documentation.ts'
import { traceRequests } from '../tracing/trace-requests.ts'
import { serve, serveStream, serveUpload, type Asked, type StreamEvent } from './serve.ts'

export interface ApiParts {
  readonly services: Services
  readonly runner: ReleaseRunner
  readonly crons: Pick<CronKeeper, 'end'>
  readonly painter: Pick<Painter, 'painting'>
  readonly verifier: Pick<Verifier, 'verify'>
  readonly hooks: Pick<HookKeeper, 'nudge'>
  readonly previews: Pick<PreviewKeeper, 'create' | 'end'>
  readonly guarding: { readonly token: string; readonly from: 'this machine' | 'everywhere'; /** Where people may sign in besides with a password. */ readonly provider?: ProviderSettings | undefined }
  readonly logger: FastifyServerOptions['logger']
  /** Tells how long somebody who asked is away; that of the services unless given. */
  readonly absence?: Clock
  /** Which of several it is that run beside each other, and whether it holds what only one may. */
  readonly unit?: { readonly instance: string; readonly holds: boolean }
  /** Called after the answer to `stopPlimsoll` was sent. */
  readonly onStop: (options: { readonly all: boolean }) => void
}

/** In characters: of what stands in an address, the key of a kept value is the longest. */
const longestParameter = 1_000

/** The API over HTTP; nothing listens yet. Closing it closes its connections and nothing else. */
export function buildApi(parts: ApiParts): FastifyInstance {
  // A console that stands before it says whom it asks for; whoever reaches it from elsewhere is taken by their own address.
  const api = fastify({ logger: parts.logger ?? false, forceCloseConnections: true, bodyLimit: 1024 * 1024, trustProxy: ['loopback', 'uniquelocal'], genReqId: () => randomUUID(), frameworkErrors: replyWith, routerOptions: { maxParamLength: longestParameter } })
  const trail = createAuditTrail(parts.services)
  const attempts = createAttempts(parts.services)
  api.decorate('trail', trail)
  traceRequests(api, parts.services)
  api.decorate('repeated', createRepeatedRequests({ store: parts.services.store, clock: parts.services.clock, absence: parts.absence ?? parts.services.clock }))
  sendProblems(api)
  guard(api, { from: parts.guarding.from, knowWho: knowWho(parts.services, parts.guarding.token), attempts, trail })
  serveDocumentation(api, parts.services.version)
  serveAccess(api, { services: parts.services, attempts })
  serveProvider(api, { services: parts.services, settings: parts.guarding.provider })
  serveNotifications(api, parts.services)
  serveSecrets(api, parts.services)
  serveHooks(api, { services: parts.services, hooks: parts.hooks, attempts })
  serveApps(api, parts)
  serveReleases(api, parts)
  serveRunning(api, parts)
  serveValues(api, parts)
  serveInsight(api, parts)
  serveItself(api, parts)
  return api
}

function serveApps(api: FastifyInstance, parts: ApiParts): void {
  const { services } = parts
  const maintain = createMaintainer(services)
  serve(api, contract.listApps, ({ known, signal }) => listApps(parts, known().who, signal))
  serve(api, contract.showApp, ({ params, signal }) => showApp(parts, appIn(params), signal))
  serve(api, contract.takeDown, ({ params, body }) => takeDown(parts, { app: appIn(params), ...body }, toItsEnd()))
  serve(api, contract.pause, ({ params, body, signal }) => pauseApp(parts, { app: appIn(params), ...body }, signal))
  serve(api, contract.resume, ({ params, signal }) => resumeApp(parts, appIn(params), signal))
  serve(api, contract.showHolds, async ({ params, tag, signal }) => {
    const { holds, version } = await showHolds(services, appIn(params), signal)
    tag(version)
    return holds
  })
  serve(api, contract.maintain, ({ params, body, onlyIf, signal }) => maintain({ app: appIn(params), onlyIf, ...body }, signal))
  serveStream(api, contract.logs, async ({ params, query, signal }) => {
    const { service, release, tail, follow } = query
    return asEvents(await readLogs(services, { app: appIn(params), service, release, tail, follow }, signal))
  })
}

function serveReleases(api: FastifyInstance, parts: ApiParts): void {
  const { services, runner, verifier } = parts
  serveHistory(api, services)
  servePromotions(api, parts)
  servePreviews(api, parts)
  serve(api, contract.showRelease, ({ params }) => showRelease(services, appIn(params), releaseIn(params)))
  serve(api, contract.showSuccess, ({ params }) => showSuccess(services, appIn(params)))
  serveUpload(api, contract.sendSource, ({ params, query, bytes, signal }) => receiveSent(services, { app: appIn(params), commit: query.commit, branch: query.branch, pack: bytes }, signal))
  serve(api, contract.previewInPlace, async ({ params, body, known, signal }) => previewInPlace(services, { app: appIn(params), ...(await locateSource(services, { app: appIn(params), source: body.source, who: known().who })), on: body.on }, signal))
  serve(api, contract.startRelease, async ({ params, body, known, traceparent, signal, asking }) => (await begunBefore(services, asking)) ?? startRelease(parts, { app: appIn(params), ...(await locateSource(services, { app: appIn(params), source: body.source, who: known().who })), on: body.on, domains: body.domains, waitMs: body.waitMs ?? 0, watchMs: body.watchMs, canary: body.canary, pause: body.pause ?? false, skipVerify: body.skipVerify, images: body.images, imageSet: body.imageSet, traceparent, asking }, signal))
  serveStream(api, contract.buildImages, ({ params, body, signal }) => buildImages(services, { app: appIn(params), ...body.source, services: body.services, push: body.push }, signal))
  serveStream(api, contract.verify, async ({ params, body, known, traceparent, signal }) => {
    const source = await locateSource(services, { app: appIn(params), source: body.source, who: known().who })
    return verifier.verify({ app: appIn(params), ...source, on: body.on, seed: body.seed, report: 'root' in body.source ? body.report : undefined, pause: body.pause, traceparent }, signal)
  })
  serve(api, contract.showVerification, ({ params }) => showVerification(services, appIn(params), params['verification'] ?? ''))
  serve(api, contract.showEvidence, ({ params, query }) => showEvidence(services, appIn(params), { verification: params['verification'] ?? '', file: query.file }))
  serve(api, contract.describeRollback, ({ params, query, signal }) => describeRollback(services, { app: appIn(params), to: query.to }, signal))
  serve(api, contract.rollBack, async ({ params, body, traceparent, signal, asking }) => (await begunBefore(services, asking)) ?? rollBack(parts, { app: appIn(params), to: body.to, traceparent, asking }, signal))
  serve(api, contract.cutOff, ({ params, body }) => cutOffReleases(parts, { app: appIn(params), upTo: releaseNumberSchema.parse(body.upTo) }, toItsEnd()))
  serve(api, contract.interrupt, async ({ params }) => {
    runner.interrupt(appIn(params), releaseIn(params))
    return findRelease(services, appIn(params), releaseIn(params))
  })
  serveStream(api, contract.watchRelease, async ({ params, after, signal }) => {
    const { app, number } = await findRelease(services, appIn(params), releaseIn(params))
    return watchRelease(services, { app, release: number, after }, signal)
  })
}

function serveValues(api: FastifyInstance, { services }: ApiParts): void {
  // The version first: what is listed is at least as new as it says.
  const tagged = async <T>(asked: Pick<Asked<unknown, unknown>, 'params' | 'tag'>, answer: () => Promise<T>): Promise<T> => {
    asked.tag(await services.store.keptValues.version(appIn(asked.params)))
    return answer()
  }
  serve(api, contract.listValues, (asked) => tagged(asked, () => listValues(services, appIn(asked.params))))
  serve(api, contract.setValues, ({ params, body, onlyIf }) => setValues(services, { app: appIn(params), values: body.values, onlyIf }))
  serve(api, contract.unsetValue, ({ params, onlyIf }) => unsetValue(services, { app: appIn(params), key: params['key'] ?? '', onlyIf }))
}

function serveItself(api: FastifyInstance, parts: ApiParts): void {
  const { services, unit, onStop } = parts
  serve(api, contract.health, async () => ({ ok: true as const, version: services.version, pid: process.pid, edge: services.edgeChoice, ...(services.cluster !== undefined && { cluster: services.cluster }), ...(unit !== undefined && { unit }), ...(services.console !== undefined && { console: services.console }) }))
  const metrics = createMetrics(services)
  api.addHook('onClose', async () => metrics.close())
  serve(api, contract.metrics, ({ signal }) => metrics.text(signal))
  serve(api, contract.ready, ({ signal }) => checkReady({ services, asUnit: unit !== undefined }, signal))
  serve(api, contract.stopPlimsoll, async ({ body }) => {
    const apps = body.all ? await takeAllDown(parts, body, toItsEnd()) : []
    setImmediate(() => onStop(body))
    return { ok: true as const, apps }
  })
}

/** For what is not left half done when whoever asked goes. */
function toItsEnd(): AbortSignal {
  return new AbortController().signal
}

async function* asEvents(lines: AsyncIterable<unknown>): AsyncGenerator<StreamEvent> {
  for await (const line of lines) yield { event: 'line', data: line }
}
