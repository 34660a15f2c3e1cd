import type { AppName, CanaryStep, Release } from '@plimsoll/model'
import type { ReleaseRunner } from '../release-runner.ts'
import type { Services } from '../services.ts'
import { blueprintText } from '../blueprint-text.ts'
import { readBlueprint } from '../wiring.ts'

/** Starts a release of what `root` holds now; makes the app if it is new. Throws `NO_BLUEPRINT`, `BLUEPRINT_INVALID`, `SOURCE_UNREADABLE`, `RELEASE_LOCKED`. If `signal` fires before it returns, no release goes live. */
export async function startRelease(
  { services, runner }: { readonly services: Services; readonly runner: ReleaseRunner },
  wanted: { readonly app: AppName; readonly root: string; readonly blueprint: string; readonly waitMs: number; readonly watchMs: number | undefined; readonly canary: readonly CanaryStep[] | undefined; readonly pause: boolean },
  signal: AbortSignal,
): Promise<Release> {
  const { app, root, blueprint } = wanted
  const source = await services.readSource(root, blueprint)
  // A Blueprint that cannot be read is refused here: it is not worth a release number.
  readBlueprint(await blueprintText(source), blueprint)
  const known = await services.store.apps.find(app)
  const createdAt = known?.createdAt ?? new Date(services.clock.now()).toISOString()
  await services.store.apps.put({ name: app, root, blueprint, entries: known?.entries ?? {}, createdAt })
  const { waitMs, canary, pause } = wanted
  // The release before does not fit the schema after a change that cannot overlap: nobody goes back to it unasked.
  const watchMs = wanted.watchMs ?? (pause ? 0 : services.watchMs)
  const release = await runner.start({ app, source, waitMs, watchMs, ...(canary !== undefined && { canary }), ...(pause && { paused: true }) }, signal)
  // Who left before the answer came knows of no release to watch or to stop.
  if (signal.aborted) runner.interrupt(app, release.number)
  return release
}
