import { allSettled, type EdgeContext } from '@plimsoll/engine'
import type { AppName, TakenDown, Unit } from '@plimsoll/model'
import type { CronKeeper } from '../keep-crons.ts'
import type { ReleaseRunner } from '../release-runner.ts'
import { restate } from '../settle-release.ts'
import { placed, type Services } from '../services.ts'
import { findApp } from './find-app.ts'

/** Stops every unit of an app, after the edge has let go of it. Its data stays unless `destroyData`. Twice is once. Throws `RELEASE_LOCKED`, `NOT_FOUND`. */
export async function takeDown(
  { services, runner, crons }: { readonly services: Services; readonly runner: ReleaseRunner; readonly crons: Pick<CronKeeper, 'end'> },
  wanted: { readonly app: AppName; readonly destroyData: boolean },
  signal: AbortSignal,
): Promise<TakenDown> {
  const { app, destroyData } = wanted
  await findApp(services, app)
  return runner.exclusively(app, async ({ lease, context }) => {
    // A place that does not answer stops nothing: then what serves goes on serving.
    const units = await context.driver.units(app, context.signal)
    const wasLive = (await services.edge.live(app, context.signal)) !== undefined
    await services.edge.remove(app, lease.fence, context.signal)
    await crons.end(app)
    const stopped = await stopEverything(units, context)
    await restate(services, { app, fence: lease.fence, traffic: undefined })
    if (destroyData) await lease.stands()
    if (destroyData) await (await placed(services, app)).resources.destroy(app, context.signal)
    return { app, wasLive, stopped, dataDestroyed: destroyData }
  }, signal)
}

/** Longest that one unit is given to end by itself. */
const graceMs = 30_000

/** Under the lease nothing of an app is started by anybody else, so that what was seen before the edge let go is all that there is. */
async function stopEverything(units: readonly Unit[], { app, driver, signal }: EdgeContext): Promise<number> {
  const reports = await allSettled(units.map((unit) => driver.stop(app, unit, graceMs, signal)))
  return reports.reduce((sum, each) => sum + each.instances, 0)
}
