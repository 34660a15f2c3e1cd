import { PlimsollError, releaseNumberSchema, wasCutOff, type AppName, type Release } from '@plimsoll/model'
import type { ReleaseRunner } from '../release-runner.ts'
import type { Services } from '../services.ts'
import { findApp } from './find-app.ts'

/** Starts going back to release `to`, else to the one that was live before. Throws `NOTHING_TO_ROLL_BACK`, `CUT_OFF`, `NOT_FOUND`, `RELEASE_LOCKED`. */
export async function rollBack(
  { services, runner }: { readonly services: Services; readonly runner: ReleaseRunner },
  wanted: { readonly app: AppName; readonly to: number | undefined },
  signal: AbortSignal,
): Promise<Release> {
  const { app, to } = wanted
  await findApp(services, app)
  const traffic = await services.edge.live(app, signal)
  const target = to ?? traffic?.previous[0]?.release
  if (target === undefined || traffic === undefined || target === traffic.live.release) {
    throw new PlimsollError('NOTHING_TO_ROLL_BACK', target === undefined ? `${app} has no earlier release that is still warm` : `Release ${target} of ${app} is live already`, {
      hint: `Name one of its releases: plimsoll rollback --app ${app} --to NUMBER (see them: plimsoll status --app ${app})`,
    })
  }
  if (traffic.cutOff !== undefined && target <= traffic.cutOff) throw wasCutOff(app, target, traffic.cutOff)
  const backTo = releaseNumberSchema.parse(target)
  const release = await services.store.releases.find(app, backTo)
  if (release === undefined) throw new PlimsollError('NOT_FOUND', `${app} has no release ${backTo}`, { hint: `See its releases: plimsoll status --app ${app}` })
  return runner.start({ app, source: release.source, backTo, waitMs: 0 }, signal)
}
