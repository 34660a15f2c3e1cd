import { settledIn, type SettledThere } from '@plimsoll/engine'
import { PlimsollError, releaseNumberSchema, type AppName, type Release } from '@plimsoll/model'
import type { Services } from '../services.ts'
import { findApp } from './find-app.ts'

export interface WayBackInPlace {
  readonly live: Release
  readonly target: Release
  /** What the target has left there. */
  readonly settled: SettledThere
}

/**
 * The release that going back leads to where a platform moves traffic: `to`, else the one that was live before. Nothing is warm there:
 * whatever has been live can be gone back to, for as long as the platform keeps its deploys. Throws `NOTHING_TO_ROLL_BACK`, `NOT_FOUND`.
 */
export async function chooseWayBackInPlace(services: Pick<Services, 'store'>, { app, to }: { readonly app: AppName; readonly to: number | undefined }): Promise<WayBackInPlace> {
  await findApp(services, app)
  const { store } = services
  const { releases } = await store.releases.list(app, { limit: mostReleases })
  const live = releases.find(({ state }) => state === 'live')
  const others = liveBefore(releases)
  const target = to === undefined ? others[0] : await store.releases.find(app, releaseNumberSchema.parse(to))
  if (to !== undefined && target === undefined) throw new PlimsollError('NOT_FOUND', `${app} has no release ${to}`, { hint: `See its releases: plimsoll status --app ${app}` })
  const why = whyNot(app, live, target)
  if (why !== undefined || live === undefined || target === undefined) {
    throw new PlimsollError('NOTHING_TO_ROLL_BACK', why ?? `${app} has no earlier release`, { hint: hintFor(app, others) })
  }
  return { live, target, settled: settledIn(await store.journalOf(app, target.number, 0).read(), { app, release: target.number }) }
}

/** As many as are looked through. */
const mostReleases = 200

/** Of `releases`, newest first, those that were live and are not, by when each was last put live, by itself or by going back to it. */
export function liveBefore(releases: readonly Release[]): readonly Release[] {
  const put = releases.flatMap(({ number, kind, backTo, outcome }) => (outcome?.is !== 'completed' ? [] : kind === 'release' ? [number] : backTo === undefined ? [] : [backTo]))
  return [...new Set(put)].flatMap((number) => releases.filter((each) => each.number === number && each.state !== 'live'))
}

function whyNot(app: AppName, live: Release | undefined, target: Release | undefined): string | undefined {
  if (live === undefined) return `Nothing of ${app} is live`
  if (target === undefined) return `${app} has no earlier release that was live`
  if (target.number === live.number) return `Release ${target.number} of ${app} is live already`
  if (target.kind === 'rollback') return `Release ${target.number} of ${app} went back to release ${target.backTo}, and has no deploys of its own`
  return target.outcome?.is === 'completed' ? undefined : `Release ${target.number} of ${app} has not put all of its services live`
}

function hintFor(app: AppName, others: readonly Release[]): string {
  if (others.length === 0) return `See its releases: plimsoll status --app ${app}`
  return `Those that can be gone back to: ${others.slice(0, 10).map(({ number }) => number).join(', ')}. plimsoll rollback --app ${app} --to NUMBER`
}
