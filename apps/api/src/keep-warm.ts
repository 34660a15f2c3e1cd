import { hasStrays, retire } from '@plimsoll/engine'
import { isPlimsollError, isWatching, type AppName, type Release, type Traffic } from '@plimsoll/model'
import type { ReleaseRunner } from './release-runner.ts'
import { restate } from './settle-release.ts'
import type { Services } from './services.ts'

/** How often it is looked whether a warm release has had its time, or something runs that nobody needs. */
const everyMs = 10_000
/** How many apps are looked at together: what is looked through for one of them is looked through for all. */
const atOnce = 10

interface WarmParts {
  readonly services: Services
  readonly runner: ReleaseRunner
  readonly warmMs: number
}

/** Looks at once and from then on now and then, as {@link retireOverdue}, until `signal` fires. What fails in a row is reported once. */
export async function keepWarm(parts: WarmParts & { readonly report: (error: unknown) => void }, signal: AbortSignal): Promise<void> {
  const failing = new Set<AppName>()
  const lookAt = async (name: AppName): Promise<void> => {
    const failure: unknown = await retireOverdue(parts, name, signal).then(() => undefined, (error: unknown) => error)
    // A release that runs holds the lease; it retires what is old by itself.
    const isFault = failure !== undefined && !signal.aborted && !(isPlimsollError(failure) && failure.code === 'RELEASE_LOCKED')
    if (isFault && !failing.has(name)) parts.report(failure)
    if (isFault) failing.add(name)
    else failing.delete(name)
  }
  while (!signal.aborted) {
    const apps = await parts.services.store.apps.list().catch(() => [])
    for (let first = 0; first < apps.length; first += atOnce) await Promise.all(apps.slice(first, first + atOnce).map(({ name }) => lookAt(name)))
    // The signal ends the wait, and the loop.
    await parts.services.clock.sleep(everyMs, signal).catch(() => undefined)
  }
}

/** Retires every warm release of `app` that another has replaced for `warmMs`, and completes a retirement that died half way. */
export async function retireOverdue({ services, runner, warmMs }: WarmParts, app: AppName, signal: AbortSignal): Promise<void> {
  if (runner.underWay(app) !== undefined) return
  const now = await services.edge.live(app, signal)
  if (now === undefined) return
  const { releases } = await services.store.releases.list(app, { limit: 20 })
  // A release that has not come to its end may still need what runs of it.
  if (releases[0]?.state === 'releasing' || releases[0]?.state === 'stuck') return
  const isOver = now.previous.length > 0 && isOverdue(releases, services.clock.now() - warmMs)
  if (!isOver && !isUntold(releases, now) && !(await hasStrays(await runner.contextOf(app, now.live.release, signal), now))) return
  await runner.exclusively(app, async ({ lease, context }) => {
    const traffic = await services.edge.live(app, context.signal)
    if (traffic === undefined) return
    await retire(context, traffic, isOver ? traffic.previous.map(({ release }) => release) : [])
    await restate(services, { app, fence: lease.fence, traffic: await services.edge.live(app, context.signal) })
  }, signal)
}

/** True when the last switch was before `since`. */
function isOverdue(releases: readonly Release[], since: number): boolean {
  // A watch may still want to go back.
  if (releases.some(({ watch }) => isWatching(watch))) return false
  const lastSwitch = lastSwitchIn(releases)
  return lastSwitch !== undefined && lastSwitch <= since
}

/** True when a release is said to be warm that the edge does not know any more. */
function isUntold(releases: readonly Release[], { live, previous }: Traffic): boolean {
  return releases.some(({ number, state }) => state === 'previous' && number !== live.release && !previous.some(({ release }) => release === number))
}

/** When another release went live last, in milliseconds since 1970; `releases` are newest first. */
export function lastSwitchIn(releases: readonly Release[]): number | undefined {
  const last = releases.find(({ outcome }) => outcome?.is === 'completed' || outcome?.is === 'rolled-back')?.endedAt
  return last === undefined ? undefined : Date.parse(last)
}
