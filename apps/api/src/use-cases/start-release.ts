import { unitSpecs } from '@plimsoll/blueprint'
import { PlimsollError, type AppName, type CanaryStep, type DriverName, type Release } from '@plimsoll/model'
import type { AppRecord } from '@plimsoll/store'
import type { ReleaseRunner } from '../release-runner.ts'
import type { Services } from '../services.ts'
import { blueprintText } from '../blueprint-text.ts'
import { imagesFor, type GivenImages } from '../images-for.ts'
import { readBlueprint } from '../wiring.ts'

/** Starts a release of what `root` holds now; makes the app if it is new. Throws `NO_BLUEPRINT`, `BLUEPRINT_INVALID`, `SOURCE_UNREADABLE`, `RELEASE_LOCKED`, `PLACE_CANNOT`, and for images that are not of this source `USAGE`. If `signal` fires before it returns, no release goes live. */
export async function startRelease(
  { services, runner }: { readonly services: Services; readonly runner: ReleaseRunner },
  wanted: { readonly app: AppName; readonly root: string; readonly blueprint: string; readonly on: DriverName | undefined; readonly waitMs: number; readonly watchMs: number | undefined; readonly canary: readonly CanaryStep[] | undefined; readonly pause: boolean; readonly skipVerify?: string | undefined; readonly traceparent?: string | undefined } & GivenImages,
  signal: AbortSignal,
): Promise<Release> {
  const { app, root, blueprint } = wanted
  const found = await services.readSource(root, blueprint)
  // A Blueprint that cannot be read is refused here, and so are images that are not of it: they are not worth a release number.
  const images = imagesFor({ specs: unitSpecs(readBlueprint(await blueprintText(found), blueprint)), source: found, given: wanted })
  const source = { ...found, ...(images !== undefined && { images }) }
  const known = await services.store.apps.find(app)
  const createdAt = known?.createdAt ?? new Date(services.clock.now()).toISOString()
  const place = await settlePlace({ services, runner }, { app, known, on: wanted.on }, signal)
  await services.store.apps.put({ name: app, root, place, blueprint, entries: known?.entries ?? {}, createdAt })
  const { waitMs, canary, pause, traceparent } = wanted
  // The release before does not fit the schema after a change that cannot overlap: nobody goes back to it unasked.
  const watchMs = wanted.watchMs ?? (pause ? 0 : services.watchMs)
  const release = await runner.start({ app, source, waitMs, watchMs, traceparent, ...(canary !== undefined && { canary }), ...(pause && { paused: true }), ...(wanted.skipVerify !== undefined && { unproven: wanted.skipVerify }) }, signal)
  // Who left before the answer came knows of no release to watch or to stop.
  if (signal.aborted) runner.interrupt(app, release.number)
  return release
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
