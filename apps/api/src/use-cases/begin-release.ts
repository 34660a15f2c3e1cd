import { PlimsollError, type AppName, type CanaryStep, type DriverName, type Release, type Source } from '@plimsoll/model'
import type { AppRecord } from '@plimsoll/store'
import type { ReleaseRunner, WantedRelease } from '../release-runner.ts'
import type { Services } from '../services.ts'

export interface BegunRelease {
  readonly app: AppName
  /** Where it is to live; where it does unless given, and as processes when it is new. */
  readonly on: DriverName | undefined
  /** Whether it answers to the custom domains of the Blueprint; as its last release unless given. */
  readonly domains?: boolean | undefined
  /** It is one of a preview: without a record of it nothing begins, for it would be released as what it is not. */
  readonly isPreview?: boolean
  readonly waitMs: number
  readonly watchMs: number | undefined
  readonly canary: readonly CanaryStep[] | undefined
  readonly pause: boolean
  readonly skipVerify?: string | undefined
  readonly traceparent?: string | undefined
  readonly asking?: WantedRelease['asking']
}

/** Starts a release of `source`; makes the app if it is new. Throws `RELEASE_LOCKED`, `PLACE_CANNOT`. If `signal` fires before it returns, no release goes live. */
export async function beginRelease(
  { services, runner }: { readonly services: Services; readonly runner: ReleaseRunner },
  wanted: BegunRelease & { readonly source: Source },
  signal: AbortSignal,
): Promise<Release> {
  const { app } = wanted
  const source = await asItIsThere(services, wanted)
  const { root, blueprint } = source
  const known = await services.store.apps.find(app)
  const createdAt = known?.createdAt ?? new Date(services.clock.now()).toISOString()
  const place = await settlePlace({ services, runner }, { app, known, on: wanted.on }, signal)
  await services.store.apps.put({ name: app, root, place, blueprint, entries: known?.entries ?? {}, createdAt })
  const { waitMs, canary, pause, traceparent } = wanted
  // The release before does not fit the schema after a change that cannot overlap: nobody goes back to it unasked.
  const watchMs = wanted.watchMs ?? (pause ? 0 : services.watchMs)
  const release = await runner.start({ app, source, waitMs, watchMs, traceparent, ...(canary !== undefined && { canary }), ...(pause && { paused: true }), ...(wanted.skipVerify !== undefined && { unproven: wanted.skipVerify }), asking: wanted.asking }, signal)
  // Who left before the answer came knows of no release to watch or to stop.
  if (signal.aborted) runner.interrupt(app, release.number)
  signal.addEventListener('abort', () => {
    if (runner.underWay(app)?.number === release.number) runner.interrupt(app, release.number)
  }, { once: true })
  return release
}

/** What does not belong to the source itself: which domains its place answers to, and whether it is a preview, whoever releases it. */
async function asItIsThere({ store }: Services, { app, domains, isPreview, source }: Pick<BegunRelease, 'app' | 'domains' | 'isPreview'> & { readonly source: Source }): Promise<Source> {
  const { domains: _, preview: __, ...rest } = source
  const preview = await store.previews.find(app)
  if (preview === undefined && isPreview) throw new PlimsollError('PREVIEW_REFUSED', `${app} was ended meanwhile`, { hint: 'Make it anew, with the same command.' })
  if (preview?.isEnding === true) throw new PlimsollError('PREVIEW_REFUSED', `${app} is being ended, with all that it has`, { hint: `Make it anew when that is done: plimsoll preview list --app ${preview.of}` })
  if (preview !== undefined) return { ...rest, domains: false, preview: { of: preview.of, data: preview.data } }
  const [last] = domains === undefined ? (await store.releases.list(app, { limit: 1 })).releases : []
  return domains === false || last?.source.domains === false ? { ...rest, domains: false } : rest
}

/** An app moves only while nothing of it serves or runs: a switch from one place to another would leave the units of the first behind. */
async function settlePlace(
  { services, runner }: { readonly services: Services; readonly runner: ReleaseRunner },
  { app, known, on }: { readonly app: AppName; readonly known: AppRecord | undefined; readonly on: DriverName | undefined },
  signal: AbortSignal,
): Promise<DriverName> {
  const wanted = on ?? known?.place ?? 'process'
  const place = await services.places.open(wanted)
  if (known?.place === wanted) return wanted
  // One that does not answer is said before the app is said to live there: from a place that is away it could not move again.
  await place.driver.observe(app, signal)
  if (known === undefined) return wanted
  const { driver } = await services.places.open(known.place)
  const isThere = runner.underWay(app) !== undefined || (await services.edge.live(app, signal)) !== undefined || (await driver.observe(app, signal)).length > 0
  if (!isThere) return wanted
  throw new PlimsollError('PLACE_CANNOT', `${app} lives on ${known.place} here, and what serves does not move to ${wanted}`, {
    hint: `Run it beside the other under another name: --app ${app}-${wanted}. Or stop it first, and its data stays where it is: plimsoll down --app ${app}`,
  })
}
