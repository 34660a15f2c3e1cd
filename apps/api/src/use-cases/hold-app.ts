import type { AppName, Holds } from '@plimsoll/model'
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

/** Puts `app` under maintenance or ends that; at any time, also while it is released. */
export async function maintainApp(services: Services, wanted: { readonly app: AppName; readonly on: boolean; readonly message?: string | undefined; readonly page?: string | undefined }, signal: AbortSignal): Promise<Holds> {
  const { app, on, message, page } = wanted
  await findApp(services, app)
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
