import { hasStrays, retire, type EdgeContext } from '@plimsoll/engine'
import { isPlimsollError, isWatching, type AppName, type Release, type Traffic } from '@plimsoll/model'
import type { BriefRelease } from '@plimsoll/store'
import { calmApps } from './calm-apps.ts'
import type { ReleaseRunner } from './release-runner.ts'
import { restate } from './settle-release.ts'
import type { Services } from './services.ts'

/** How often it is looked whether a warm release has had its time, or something runs that nobody needs. */
const everyMs = 10_000
/** How many apps are looked at together: what is looked through for one of them, as all processes of a machine, is looked through for all. */
const atOnce = 50

interface WarmParts {
  readonly services: Services
  readonly runner: ReleaseRunner
  readonly warmMs: number
}

/** Looks at once and from then on now and then, as {@link retireOverdue}, until `signal` fires. What fails in a row is reported once. */
export async function keepWarm(parts: WarmParts & { readonly report: (error: unknown) => void }, signal: AbortSignal): Promise<void> {
  const { store, edge, clock } = parts.services
  const failing = new Set<AppName>()
  const calm = calmApps(clock)
  const lookAt = async ({ name, serves }: Due, glance: Promise<Glance>): Promise<void> => {
    try {
      if ((await settle(parts, await glance, signal)) === 'calm') calm.note(name, serves)
      else calm.forget(name)
      failing.delete(name)
    } catch (error) {
      calm.forget(name)
      // A release that runs holds the lease; it retires what is old by itself.
      if (signal.aborted || (isPlimsollError(error) && error.code === 'RELEASE_LOCKED')) return
      if (!failing.has(name)) parts.report(error)
      failing.add(name)
    }
  }
  while (!signal.aborted) {
    const [apps, standings] = await Promise.all([store.apps.list().catch(() => []), edge.standings(signal).catch(() => undefined)])
    const all = apps.map(({ name }) => ({ name, traffic: standings?.get(name)?.traffic }))
    const due = all.map((app): Due => ({ ...app, serves: JSON.stringify(app.traffic ?? null) })).filter(({ name, serves }) => calm.isDue(name, serves))
    for (let first = 0; first < due.length; first += atOnce) {
      const some = due.slice(first, first + atOnce).map((app) => ({ app, glance: glanceAt(parts, app, signal) }))
      // However each of them ended, their places are asked in the same moment.
      await Promise.allSettled(some.map(({ glance }) => glance))
      await Promise.all(some.map(({ app, glance }) => lookAt(app, glance)))
    }
    // The signal ends the wait, and the loop.
    await clock.sleep(everyMs, signal).catch(() => undefined)
  }
}

/**
 * Retires every warm release of `app` that another has replaced for `warmMs`, and completes a retirement that died half way. `calm` where there is nothing to do, and will be
 * nothing before the next switch.
 */
export async function retireOverdue(parts: WarmParts, app: AppName, signal: AbortSignal): Promise<State> {
  return settle(parts, await glanceAt(parts, { name: app, traffic: undefined }, signal), signal)
}

type State = 'calm' | 'restless'

interface Due {
  readonly name: AppName
  /** What the edge said a moment ago; undefined where it is to be asked. */
  readonly traffic: Traffic | undefined
  readonly serves: string
}

/** What the edge and the store say of an app, or what follows from that alone. */
type Glance = State | { readonly app: AppName; readonly now: Traffic; readonly isOver: boolean; readonly isUntold: boolean; readonly context: EdgeContext }

async function glanceAt({ services, runner, warmMs }: WarmParts, { name: app, traffic }: Pick<Due, 'name' | 'traffic'>, signal: AbortSignal): Promise<Glance> {
  if (runner.underWay(app) !== undefined) return 'restless'
  const now = traffic ?? (await services.edge.live(app, signal))
  if (now === undefined) return 'calm'
  const releases = await services.store.newestReleases(app, 20)
  // A release that has not come to its end may still need what runs of it.
  if (releases[0]?.state === 'releasing' || releases[0]?.state === 'stuck') return 'restless'
  const isOver = now.previous.length > 0 && isOverdue(releases, services.clock.now() - warmMs)
  return { app, now, isOver, isUntold: isUntold(releases, now), context: await runner.contextOf(app, now.live.release, signal) }
}

async function settle({ services, runner }: WarmParts, glance: Glance, signal: AbortSignal): Promise<State> {
  if (typeof glance === 'string') return glance
  const { app, now, isOver } = glance
  if (!isOver && !glance.isUntold && !(await hasStrays(glance.context, now))) return now.previous.length === 0 ? 'calm' : 'restless'
  await runner.exclusively(app, async ({ lease, context }) => {
    const traffic = await services.edge.live(app, context.signal)
    if (traffic === undefined) return
    await retire(context, traffic, isOver ? traffic.previous.map(({ release }) => release) : [])
    await restate(services, { app, fence: lease.fence, traffic: await services.edge.live(app, context.signal) })
  }, signal)
  return 'restless'
}

/** True when the last switch was before `since`. */
function isOverdue(releases: readonly BriefRelease[], since: number): boolean {
  // A watch may still want to go back.
  if (releases.some(({ watch }) => isWatching(watch))) return false
  const lastSwitch = lastSwitchIn(releases)
  return lastSwitch !== undefined && lastSwitch <= since
}

/** True when a release is said to be warm that the edge does not know any more. */
function isUntold(releases: readonly BriefRelease[], { live, previous }: Traffic): boolean {
  return releases.some(({ number, state }) => state === 'previous' && number !== live.release && !previous.some(({ release }) => release === number))
}

/** When another release went live last, in milliseconds since 1970; `releases` are newest first. */
export function lastSwitchIn(releases: readonly Pick<Release, 'outcome' | 'endedAt'>[]): number | undefined {
  const last = releases.find(({ outcome }) => outcome?.is === 'completed' || outcome?.is === 'rolled-back')?.endedAt
  return last === undefined ? undefined : Date.parse(last)
}
