import { PlimsollError, type AppName, type PreviewData, type Release } from '@plimsoll/model'
import type { AppRecord } from '@plimsoll/store'
import type { ReleaseRunner, WantedRelease } from '../release-runner.ts'
import type { Services } from '../services.ts'
import { findApp } from '../use-cases/find-app.ts'
import { startRelease } from '../use-cases/start-release.ts'
import { serverActionsKey } from '../wiring.ts'
import { claimPreview } from './claim-preview.ts'
import { previewedBlueprint } from './previewed-blueprint.ts'
import { previewSource } from './preview-source.ts'

export interface WantedPreview {
  readonly of: AppName
  /** One of the two is given. */
  readonly branch?: string | undefined
  readonly pull?: number | undefined
  /** A directory that holds the commit, where it was sent. */
  readonly sent?: string | undefined
  readonly data?: PreviewData | undefined
  readonly traceparent?: string | undefined
  readonly asking?: WantedRelease['asking']
}

export interface CreatingPreview {
  readonly services: Services
  readonly runner: ReleaseRunner
  /** Ends one with all that it has. */
  readonly end: (app: AppName) => Promise<void>
}

const dayMs = 24 * 60 * 60_000
/** How long a release that is being taken back may take to end. */
const waitMs = 60_000

/**
 * Releases the newest commit of a branch or a pull request as an app of its own, which is made unless it is there; a release of it that is under way gives way. What has not come so far that it has a
 * release leaves nothing. Throws `PREVIEW_REFUSED`, `SOURCE_UNREADABLE`, and what a release does before it begins.
 */
export async function createPreview(parts: CreatingPreview, wanted: WantedPreview, signal: AbortSignal): Promise<Release> {
  const { services, end } = parts
  const { store } = services
  const parent = await findApp(services, wanted.of)
  await assertHasPreviews(services, parent)
  const settings = await store.previews.settings(parent.name)
  const days = (await previewedBlueprint(services, parent))?.previews?.expireAfterDays ?? settings.expireAfterDays
  const expires = (): string => new Date(services.clock.now() + days * dayMs).toISOString()
  const preview = { of: parent.name, pull: wanted.pull ?? null, branch: wanted.branch ?? null }
  const { record, isNew } = await claimPreview(services, { preview, settings, data: wanted.data, expiresAt: expires(), end })
  const lives = (commit: string | null) => store.previews.refresh(record.app, { commit, updatedAt: new Date(services.clock.now()).toISOString(), expiresAt: expires() })
  try {
    // At once, so that it does not expire while its source is fetched.
    await lives(record.commit)
    const root = await previewSource(services, { app: record.app, parent, preview, sent: wanted.sent }, signal)
    const { commit = null } = await services.readSource(root, parent.blueprint)
    await lives(commit)
    await bringSecrets(services, { from: parent.name, to: record.app, keys: settings.secrets })
    await giveWay(parts.runner, record.app)
    return await startRelease(parts, {
      app: record.app, root, blueprint: parent.blueprint, on: parent.place, isPreview: true, waitMs, watchMs: 0, canary: undefined, pause: false, images: undefined, imageSet: undefined,
      skipVerify: settings.verify ? undefined : 'It is a preview', traceparent: wanted.traceparent, asking: wanted.asking,
    }, signal)
  } catch (error) {
    // What was never released has nothing to show, and would take the place of another.
    if (isNew) await end(record.app)
    throw error
  }
}

async function assertHasPreviews({ store, places }: Services, { name, place }: AppRecord): Promise<void> {
  const itself = await store.previews.find(name)
  if (itself !== undefined) throw new PlimsollError('PREVIEW_REFUSED', `${name} is itself a preview of ${itself.of}, and has none`, { hint: `Make one of that: plimsoll preview create BRANCH --app ${itself.of}` })
  if ((await places.open(place)).platform !== undefined) throw new PlimsollError('PREVIEW_REFUSED', `${name} lives on ${place}, which makes previews by itself`, { hint: 'There they are turned on in its own dashboard, and by previews.generation in the Blueprint.' })
}

/** Of what a person has set for the app only what is named comes along; what was set for the preview itself stays. */
async function bringSecrets({ store, secrets }: Services, { from, to, keys }: { readonly from: AppName; readonly to: AppName; readonly keys: readonly string[] }): Promise<void> {
  if (keys.length === 0) return
  const [there, own, all] = [await store.keptValues.list(from), await store.keptValues.list(to), await store.keptValues.values(from)]
  const has = new Set(own.map(({ key }) => key))
  const wanted = there.filter(({ key, generated }) => !generated && key !== serverActionsKey && !key.startsWith('plimsoll/') && !has.has(key) && (keys.includes('*') || keys.includes(key)))
  const values = Object.fromEntries(wanted.flatMap(({ key }) => (all[key] === undefined ? [] : [[key, all[key]]])))
  secrets.learn(Object.values(values))
  if (wanted.length > 0) await store.keptValues.setAll(to, values)
}

/** Nobody waits for what an older commit would have shown. */
async function giveWay(runner: ReleaseRunner, app: AppName): Promise<void> {
  const before = runner.underWay(app)
  if (before !== undefined) runner.interrupt(app, before.number)
  await runner.ended(app)
}
