import { PlimsollError, releaseNumberSchema, wasCutOff, type AppName, type Release, type ReleaseNumber, type Traffic } from '@plimsoll/model'
import type { Services } from '../services.ts'
import { findApp } from './find-app.ts'

export interface WayBack {
  readonly traffic: Traffic
  readonly target: Release
}

/**
 * The release that going back leads to: `to`, else the one that was live before. One that did worse and went back by itself is
 * never meant by that: whoever is on the release before it would be led into what was just escaped. Throws `NOTHING_TO_ROLL_BACK`,
 * `CUT_OFF`, `NOT_FOUND`.
 */
export async function chooseWayBack(services: Services, { app, to }: { readonly app: AppName; readonly to: number | undefined }, signal: AbortSignal): Promise<WayBack> {
  await findApp(services, app)
  const traffic = await services.edge.live(app, signal)
  const number = to ?? (await lastTrusted(services, app, traffic))
  if (number === undefined || traffic === undefined || number === traffic.live.release) {
    throw new PlimsollError('NOTHING_TO_ROLL_BACK', number === undefined ? nothingWarm(app, traffic) : `Release ${number} of ${app} is live already`, {
      hint: `Name one of its releases: plimsoll rollback --app ${app} --to NUMBER (see them: plimsoll status --app ${app})`,
    })
  }
  if (traffic.cutOff !== undefined && number <= traffic.cutOff) throw wasCutOff(app, number, traffic.cutOff)
  const target = await services.store.releases.find(app, releaseNumberSchema.parse(number))
  if (target === undefined) throw new PlimsollError('NOT_FOUND', `${app} has no release ${number}`, { hint: `See its releases: plimsoll status --app ${app}` })
  return { traffic, target }
}

/** The newest of those that are warm that did not go back by itself. */
export async function lastTrusted({ store }: Pick<Services, 'store'>, app: AppName, traffic: Traffic | undefined): Promise<ReleaseNumber | undefined> {
  return newestTrusted(traffic, await store.manyReleases.find((traffic?.previous ?? []).map(({ release }) => ({ app, release }))))
}

/** The same, of what is known of the warm ones. */
export function newestTrusted(traffic: Traffic | undefined, warm: readonly Release[]): ReleaseNumber | undefined {
  const wentBack = (number: ReleaseNumber): boolean => warm.some((each) => each.app === traffic?.app && each.number === number && each.outcome?.is === 'rolled-back')
  return traffic?.previous.find(({ release }) => !wentBack(release))?.release
}

function nothingWarm(app: AppName, traffic: Traffic | undefined): string {
  const worse = traffic?.previous[0]?.release
  return worse === undefined ? `${app} has no earlier release that is still warm` : `${app} has no earlier release that is still warm but ${worse}, which did worse and went back by itself`
}
