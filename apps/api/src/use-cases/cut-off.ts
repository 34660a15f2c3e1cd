import { cutOff } from '@plimsoll/engine'
import { PlimsollError, type AppName, type CutOff, type ReleaseNumber } from '@plimsoll/model'
import type { ReleaseRunner } from '../release-runner.ts'
import { restate } from '../settle-release.ts'
import type { Services } from '../services.ts'
import { findApp } from './find-app.ts'

/** Ends the service of release `upTo` and of all before it, for good. Twice is once. Throws `NOT_FOUND`, `RELEASE_LOCKED`, `USAGE` when the live release would be among them. */
export async function cutOffReleases(
  { services, runner }: { readonly services: Services; readonly runner: ReleaseRunner },
  wanted: { readonly app: AppName; readonly upTo: ReleaseNumber },
  signal: AbortSignal,
): Promise<CutOff> {
  const { app, upTo } = wanted
  await findApp(services, app)
  return runner.exclusively(app, async ({ lease, context }) => {
    const traffic = await services.edge.live(app, context.signal)
    if (traffic === undefined) throw new PlimsollError('NOT_FOUND', `${app} serves nothing, so there is nothing to cut off`, { hint: `Release it: plimsoll up --app ${app}` })
    if (traffic.live.release <= upTo) throw liveIsAmongThem(app, traffic.live.release, upTo)
    const ended = await cutOff({ ...context, edge: services.edge }, traffic, upTo)
    const now = await services.edge.live(app, context.signal)
    await restate(services, { app, fence: lease.fence, traffic: now })
    return { app, cutOff: now?.cutOff ?? upTo, ended }
  }, signal)
}

function liveIsAmongThem(app: AppName, live: ReleaseNumber, upTo: ReleaseNumber): PlimsollError {
  return new PlimsollError('USAGE', `Release ${live} of ${app} is live, so nothing up to release ${upTo} can be cut off`, {
    hint: `Release the fixed version first (plimsoll release), then cut off what is older than it${live > 1 ? `; up to ${live - 1} goes now` : ''}.`,
  })
}
