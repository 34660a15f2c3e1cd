import { z } from 'zod'
import { accessContract } from './access-contract.ts'
import { appViewSchema } from './app-view.ts'
import { artifactSchema } from './artifact.ts'
import { historyContract } from './history-contract.ts'
import { holdsSchema, longestPauseMs, maintenanceSchema } from './holds.ts'
import { hookContract } from './hook-contract.ts'
import { imageReferenceSchema, imageSetSchema, pushPrefixSchema } from './image-reference.ts'
import { inPlacePreviewSchema } from './in-place-preview.ts'
import { insightContract } from './insight-contract.ts'
import { logLineSchema } from './instance.ts'
import { journalEntrySchema } from './journal-entry.ts'
import { appNameSchema, driverNameSchema, releaseNumberSchema } from './names.ts'
import { notificationContract } from './notification-contract.ts'
import { problemSchema } from './plimsoll-error.ts'
import { previewContract } from './preview-contract.ts'
import { promotionContract } from './promotion-contract.ts'
import { providerContract } from './provider-contract.ts'
import { canaryPlanSchema, releaseSchema, sourceSchema } from './release.ts'
import { rollbackPlanSchema } from './rollback-plan.ts'
import { route } from './route.ts'
import { secretsContract } from './secrets-contract.ts'
import { runningContract } from './running-contract.ts'
import { sentSourceSchema } from './sent-source.ts'
import { successSchema } from './success.ts'
import { verdictSchema } from './verdict.ts'
import { verificationEventSchema, verificationSchema } from './verification.ts'

/** One event of a release that is watched. `end` is the last. */
export const releaseEventSchema = z.discriminatedUnion('event', [
  z.object({ event: z.literal('entry'), id: z.number().int(), data: journalEntrySchema }),
  z.object({ event: z.literal('line'), data: logLineSchema }),
  z.object({ event: z.literal('end'), data: releaseSchema }),
])
export type ReleaseEvent = z.infer<typeof releaseEventSchema>

/** One event of a build of images. What is built comes first; images come as they are ready, one for each service that was asked for. Of one that was pushed, `image` is its name in the registry, by digest. */
export const imageEventSchema = z.discriminatedUnion('event', [
  z.object({ event: z.literal('source'), data: sourceSchema }),
  z.object({ event: z.literal('line'), data: logLineSchema }),
  z.object({ event: z.literal('image'), data: artifactSchema }),
])
export type ImageEvent = z.infer<typeof imageEventSchema>

const logEventSchema = z.object({ event: z.literal('line'), data: logLineSchema })

/** A value that is kept for an App: set by a person, or generated once. Secrets are never sent back. */
export const keptValueSchema = z.object({ key: z.string(), service: z.string(), origin: z.enum(['set', 'generated']) })
export type KeptValue = z.infer<typeof keptValueSchema>

export const releaseDetailSchema = z.object({
  release: releaseSchema,
  /** What it runs; empty until it has been built. */
  artifacts: z.array(artifactSchema),
  /** What its checks said, also when they are why it failed; empty until they were asked. */
  verdicts: z.array(verdictSchema),
  /** What was found in a throw-away copy before it; absent for a release that is unproven, or never came so far. */
  proof: z.object({ verification: z.string(), reused: z.boolean(), verdicts: z.array(verdictSchema) }).optional(),
  /** service → the earlier release whose running unit serves this one too, because nothing of it changed. */
  keeps: z.record(z.string(), releaseNumberSchema),
  journal: z.array(journalEntrySchema),
})
export type ReleaseDetail = z.infer<typeof releaseDetailSchema>

/** What was ended when an App was taken down. All of it is empty when the App was down already. */
export const takenDownSchema = z.object({
  app: appNameSchema,
  /** Whether a release was live. */
  wasLive: z.boolean(),
  /** How many instances were ended, those of warm releases among them. */
  stopped: z.number().int(),
  /** Whether its databases and key-value data were dropped. */
  dataDestroyed: z.boolean(),
})
export type TakenDown = z.infer<typeof takenDownSchema>

/** What a cut-off has ended. */
const cutOffSchema = z.object({
  app: appNameSchema,
  /** This release and all before it do not serve again. */
  cutOff: releaseNumberSchema,
  /** Those of them that had still been warm. */
  ended: z.array(releaseNumberSchema),
})
export type CutOff = z.infer<typeof cutOffSchema>

/** What became of each App when Plimsoll was told to stop; `problem` for one that could not be taken down. */
const stoppedAppSchema = takenDownSchema.extend({ problem: problemSchema.optional() })
export type StoppedApp = z.infer<typeof stoppedAppSchema>

const placedSourceSchema = z.object({ root: z.string(), blueprint: z.string() })
/** A directory of the machine that Plimsoll runs on, which only an admin may name; or what was sent to it. */
const givenSourceSchema = z.union([placedSourceSchema, sentSourceSchema])
export type GivenSource = z.infer<typeof givenSourceSchema>

const startReleaseSchema = z.object({
  source: givenSourceSchema,
  /** Where the app is to live. Where it does, unless given, and as processes of this machine when it is new. */
  on: driverNameSchema.optional(),
  /** Whether it answers to the custom domains of the Blueprint; as its last release unless given, and a new app does. */
  domains: z.boolean().optional(),
  /** How long to wait for another release of the same app to end. */
  waitMs: z.number().int().nonnegative().optional(),
  /** How long to watch it once it is live; 0: not at all. As Plimsoll is set up unless given. */
  watchMs: z.number().int().nonnegative().max(24 * 60 * 60_000).optional(),
  /** Tries it on a share of the visitors first. */
  canary: canaryPlanSchema.optional(),
  /** Why it is released without being tried in a throw-away copy first, in a few words for whoever reads of it later. */
  skipVerify: z.string().trim().min(3).max(500).optional(),
  /** What CI built and pushed, all of it: nothing is built. Its commit must be the one that the source holds. */
  imageSet: imageSetSchema.optional(),
  /** service → the image that it is to run in place of one that is built, or of that in `imageSet`. A tag stands for what it is now. */
  images: z.record(z.string(), imageReferenceSchema).optional(),
  /** Holds requests from before the migration until after the switch, for a schema change that cannot overlap. Not with `canary`; not watched unless asked. */
  pause: z.boolean().optional(),
}).refine(({ canary, pause }) => canary === undefined || pause !== true, 'a canary needs both releases to serve at once, and a pause is for a change that forbids it')

const verifySchema = z.object({
  source: givenSourceSchema,
  /** Where it is rehearsed; where the app lives unless given. */
  on: driverNameSchema.optional(),
  /** The same makes up the same requests. */
  seed: z.number().int().nonnegative().optional(),
  /** Where its reports are written besides its own directory, on the machine that Plimsoll runs on; absolute, and only for an admin. */
  report: z.string().startsWith('/').optional(),
  /** As a release with a pause. */
  pause: z.boolean().optional(),
})

/** A file that was kept as evidence. */
export const evidenceFileSchema = z.object({ mediaType: z.string(), base64: z.base64() })
export type EvidenceFile = z.infer<typeof evidenceFileSchema>

/** What holds an App's requests, and how many from before the pause are still in flight. */
export const pausedSchema = z.object({ holds: holdsSchema, leftRequests: z.number().int() })

const maintainSchema = maintenanceSchema.omit({ since: true }).extend({ on: z.boolean() })
const logQuerySchema = z.object({
  service: z.string().optional(),
  release: z.coerce.number().int().positive().optional(),
  tail: z.coerce.number().int().min(0).max(10_000).default(100),
  follow: z.stringbool().default(false),
})

/** What listens for clients: the edge itself, or a HAProxy that answers what is simple and asks the edge for the rest. */
export const edgeChoiceSchema = z.enum(['own', 'haproxy'])
export type EdgeChoice = z.infer<typeof edgeChoiceSchema>

const healthSchema = z.object({
  ok: z.literal(true),
  version: z.string(),
  pid: z.number(),
  /** Where the console answers, if this Plimsoll runs one. */
  console: z.string().optional(),
  /** One of before there was a choice says nothing. */
  edge: edgeChoiceSchema.optional(),
  /** Which cluster it runs apps in, with which settings; that differs where any of them does. */
  cluster: z.string().optional(),
  /** Of several that run beside each other as units of a Blueprint: which one this is, and whether it is the one that holds their home. */
  unit: z.object({ instance: z.string(), holds: z.boolean() }).optional(),
})

export const contract = {
  ...accessContract,
  ...runningContract,
  ...providerContract,
  ...insightContract,
  ...historyContract,
  ...notificationContract,
  ...secretsContract,
  ...hookContract,
  ...promotionContract,
  ...previewContract,
  health: route({ method: 'GET', path: '/healthz', summary: 'Is Plimsoll there', needs: 'nothing', reply: healthSchema }),
  ready: route({ method: 'GET', path: '/readyz', summary: 'Do the database and the edge answer Plimsoll', needs: 'nothing', reply: z.object({ ok: z.literal(true) }) }),
  metrics: route({ method: 'GET', path: '/metrics', summary: 'How Plimsoll and its apps do, for Prometheus', needs: 'viewer', reply: z.string(), mediaType: 'text/plain; version=0.0.4; charset=utf-8' }),
  listApps: route({ method: 'GET', path: '/v1/apps', summary: 'Every app, as it stands now', needs: 'to be known', reply: z.array(appViewSchema) }),
  showApp: route({ method: 'GET', path: '/v1/apps/:app', summary: 'One app, as it stands now', needs: 'viewer', reply: appViewSchema }),
  showRelease: route({ method: 'GET', path: '/v1/apps/:app/releases/:release', summary: 'One release with its artifacts and checks', needs: 'viewer', reply: releaseDetailSchema }),
  showSuccess: route({ method: 'GET', path: '/v1/apps/:app/success', summary: 'How its releases go: five metrics with their bars, and the five of DORA', needs: 'viewer', reply: successSchema }),
  sendSource: route({ method: 'POST', path: '/v1/apps/:app/sources', summary: 'Send one commit, as git pack-objects writes it', needs: 'releaser', upload: 'application/x-git-packed-objects', query: z.object({ commit: z.string(), branch: z.string().max(300).regex(/^[^\p{Cc}\p{Bidi_C}]*$/u).optional() }), reply: z.object({ sent: z.string() }) }),
  startRelease: route({ method: 'POST', path: '/v1/apps/:app/releases', summary: 'Release what the source holds', needs: 'releaser', body: startReleaseSchema, reply: releaseSchema, noted: ({ source, on, pause, skipVerify }) => ({ source, on, pause, skipVerify }) }),
  previewInPlace: route({ method: 'POST', path: '/v1/apps/:app/releases/preview', summary: 'What a release would send to the platform where the app lives, without any of it sent', needs: 'releaser', body: z.object({ source: givenSourceSchema, /** Where it is to live; where it does, unless given. */ on: driverNameSchema.optional() }), reply: inPlacePreviewSchema, noted: ({ source, on }) => ({ source, on }) }),
  buildImages: route({ method: 'POST', path: '/v1/apps/:app/images', summary: 'Build images of its services, all of them unless some are named, push them if asked, and release nothing', needs: 'admin', body: z.object({ source: placedSourceSchema, services: z.array(z.string()).default([]), /** Where they are pushed; nowhere unless given. */ push: pushPrefixSchema.optional() }), reply: imageEventSchema, stream: true, noted: ({ source, services, push }) => ({ source, services, push }) }),
  verify: route({ method: 'POST', path: '/v1/apps/:app/verifications', summary: 'Build what the source holds, and ask everything of it in a throw-away copy; given up when nobody listens any more', needs: 'releaser', body: verifySchema, reply: verificationEventSchema, stream: true, noted: ({ source, on }) => ({ source, on }) }),
  showVerification: route({ method: 'GET', path: '/v1/apps/:app/verifications/:verification', summary: 'All that was asked, and what came of it', needs: 'viewer', reply: verificationSchema }),
  showEvidence: route({ method: 'GET', path: '/v1/apps/:app/verifications/:verification/evidence', summary: 'A file that one of its answers names', needs: 'viewer', query: z.object({ file: z.string().min(1) }), reply: evidenceFileSchema }),
  describeRollback: route({ method: 'GET', path: '/v1/apps/:app/rollback', summary: 'What going back would do, without doing it', needs: 'viewer', query: z.object({ to: z.coerce.number().int().positive().optional() }), reply: rollbackPlanSchema }),
  rollBack: route({ method: 'POST', path: '/v1/apps/:app/rollback', summary: 'Let an earlier release serve again', needs: 'releaser', body: z.object({ to: z.number().int().positive().optional() }), reply: releaseSchema, noted: ({ to }) => ({ to }) }),
  cutOff: route({ method: 'POST', path: '/v1/apps/:app/cut-off', summary: 'End the service of a release and of all before it, for good', needs: 'releaser', body: z.object({ upTo: z.number().int().positive() }), reply: cutOffSchema, noted: ({ upTo }) => ({ upTo }) }),
  watchRelease: route({ method: 'GET', path: '/v1/apps/:app/releases/:release/events', summary: 'What happens to a release, from its beginning (or after Last-Event-ID) to its end', needs: 'viewer', reply: releaseEventSchema, stream: true }),
  interrupt: route({ method: 'POST', path: '/v1/apps/:app/releases/:release/interrupt', summary: 'Stop a release that runs, and take back what it did', needs: 'releaser', reply: releaseSchema }),
  logs: route({ method: 'GET', path: '/v1/apps/:app/logs', summary: 'What its instances printed', needs: 'viewer', query: logQuerySchema, reply: logEventSchema, stream: true }),
  listValues: route({ method: 'GET', path: '/v1/apps/:app/values', guarded: true, summary: 'Which values are kept for it', needs: 'viewer', reply: z.array(keptValueSchema) }),
  setValues: route({ method: 'PUT', path: '/v1/apps/:app/values', guarded: true, summary: 'Keep values for `sync: false` variables', needs: 'admin', body: z.object({ values: z.record(z.string(), z.string()) }), reply: z.array(keptValueSchema), noted: ({ values }) => ({ keys: Object.keys(values) }) }),
  unsetValue: route({ method: 'DELETE', path: '/v1/apps/:app/values/:key', guarded: true, summary: 'Forget one value', needs: 'admin', reply: z.array(keptValueSchema) }),
  pause: route({ method: 'POST', path: '/v1/apps/:app/pause', summary: 'Let its requests wait, 30 s at most, and tell how many are in flight', needs: 'releaser', body: z.object({ forMs: z.number().int().positive().max(longestPauseMs) }), reply: pausedSchema, noted: ({ forMs }) => ({ forMs }) }),
  resume: route({ method: 'POST', path: '/v1/apps/:app/resume', summary: 'Serve the requests that wait', needs: 'releaser', reply: holdsSchema }),
  showHolds: route({ method: 'GET', path: '/v1/apps/:app/holds', guarded: true, summary: 'What keeps its requests from being served', needs: 'viewer', reply: holdsSchema }),
  maintain: route({ method: 'PUT', path: '/v1/apps/:app/maintenance', guarded: true, summary: 'Answer every request with a page, or serve the app again', needs: 'releaser', body: maintainSchema, reply: holdsSchema, noted: ({ on }) => ({ on }) }),
  takeDown: route({ method: 'POST', path: '/v1/apps/:app/down', summary: 'Stop everything of an app; data stays unless asked', needs: 'admin', body: z.object({ destroyData: z.boolean().default(false) }), reply: takenDownSchema, noted: ({ destroyData }) => ({ destroyData }) }),
  stopPlimsoll: route({ method: 'POST', path: '/v1/stop', summary: 'Stop the API, and with `all` also every app, the edge and the database server', needs: 'admin', body: z.object({ all: z.boolean().default(false), /** Only with `all`. */ destroyData: z.boolean().default(false) }), reply: z.object({ ok: z.literal(true), apps: z.array(stoppedAppSchema).default([]) }), noted: ({ all, destroyData }) => ({ all, destroyData }) }),
} as const

