import { createHash } from 'node:crypto'
import { PlimsollError, type AppName, type Holds } from '@plimsoll/model'
import type { ReleaseRunner } from '../release-runner.ts'
import type { Services } from '../services.ts'
import { findApp } from './find-app.ts'

export interface Paused {
  readonly holds: Holds
  /** Requests that were in flight when the pause began and still have no answer. */
  readonly leftRequests: number
}

/** What requests in flight are given to end before the answer is sent; the pause goes on meanwhile. */
const graceMs = 5_000

interface Holders {
  readonly services: Services
  readonly runner: ReleaseRunner
}

/** Makes requests to `app` wait for `forMs`, after which they are served again by themselves. Throws `RELEASE_LOCKED` while a release runs, `NOT_FOUND`. */
export async function pauseApp({ services, runner }: Holders, { app, forMs }: { readonly app: AppName; readonly forMs: number }, signal: AbortSignal): Promise<Paused> {
  await findApp(services, app)
  return runner.exclusively(app, async ({ lease }) => {
    const now = services.clock.now()
    const pause = { since: new Date(now).toISOString(), until: new Date(now + forMs).toISOString(), atEnd: 'serve' } as const
    await services.edge.pause({ app, fence: lease.fence, pause }, signal)
    const { leftRequests } = await services.edge.quiesce({ app, graceMs: Math.min(graceMs, forMs) }, signal)
    return { holds: await visibleHolds(services, app, signal), leftRequests }
  }, signal)
}

/** Serves the requests that wait. Does nothing when none do. Throws `RELEASE_LOCKED` while a release runs: it ends its own pause. */
export async function resumeApp({ services, runner }: Holders, app: AppName, signal: AbortSignal): Promise<Holds> {
  await findApp(services, app)
  return runner.exclusively(app, async ({ lease }) => {
    await services.edge.pause({ app, fence: lease.fence, pause: null }, signal)
    return visibleHolds(services, app, signal)
  }, signal)
}

/** What holds the app's requests, and its version: that of the maintenance, with the page that is shown. */
export async function showHolds(services: Services, app: AppName, signal: AbortSignal): Promise<{ readonly holds: Holds; readonly version: string }> {
  await findApp(services, app)
  const version = await maintenanceVersion(services, app, signal)
  return { holds: await visibleHolds(services, app, signal), version }
}

async function maintenanceVersion({ edge }: Services, app: AppName, signal: AbortSignal): Promise<string> {
  const { maintenance = null } = await edge.holds(app, signal)
  return createHash('sha256').update(JSON.stringify(maintenance)).digest('base64url').slice(0, 22)
}

interface Maintaining {
  readonly app: AppName
  readonly on: boolean
  readonly message?: string | undefined
  readonly page?: string | undefined
  /** Only while the maintenance has one of these versions. */
  readonly onlyIf?: readonly string[] | undefined
}

/** Puts an app under maintenance or ends that; at any time, also while it is released. Throws `CHANGED_MEANWHILE`. */
export function createMaintainer(services: Services): (wanted: Maintaining, signal: AbortSignal) => Promise<Holds> {
  /** app → the change that goes on: the next one looks when that is done. */
  const last = new Map<AppName, Promise<unknown>>()
  return async (wanted, signal) => {
    const { app } = wanted
    await findApp(services, app)
    const before = last.get(app) ?? Promise.resolve()
    const change = (): Promise<Holds> => changeMaintenance(services, wanted, signal)
    // Whatever became of the one before.
    const mine = before.then(change, change)
    last.set(app, mine)
    try {
      return await mine
    } finally {
      if (last.get(app) === mine) last.delete(app)
    }
  }
}

async function changeMaintenance(services: Services, { app, on, message, page, onlyIf }: Maintaining, signal: AbortSignal): Promise<Holds> {
  if (onlyIf !== undefined && !onlyIf.includes(await maintenanceVersion(services, app, signal))) {
    throw new PlimsollError('CHANGED_MEANWHILE', `Somebody else has changed the maintenance of ${app} since it was looked at`, { hint: `See what is shown now: plimsoll status --app ${app}` })
  }
  const since = new Date(services.clock.now()).toISOString()
  const maintenance = { since, ...(message !== undefined && { message }), ...(page !== undefined && { page }) }
  await services.edge.maintain({ app, maintenance: on ? maintenance : null }, signal)
  return visibleHolds(services, app, signal)
}

/** What holds the app's requests, without the page that is shown meanwhile. */
export async function visibleHolds({ edge }: Pick<Services, 'edge'>, app: AppName, signal: AbortSignal): Promise<Holds> {
  return shownHolds(await edge.holds(app, signal))
}

/** The same, of what the edge has said already. */
export function shownHolds({ maintenance, ...others }: Holds): Holds {
  if (maintenance === undefined) return others
  const { page: _, ...shown } = maintenance
  return { ...others, maintenance: shown }
}
