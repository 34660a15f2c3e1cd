import type { KeptRelease } from '@plimsoll/engine'
import { PlimsollError, type AppName, type DriverName, type Source } from '@plimsoll/model'
import type { AppRecord } from '@plimsoll/store'
import type { Services } from '../services.ts'
import { liveRelease } from '../verify/live-release.ts'
import { findApp } from './find-app.ts'
import { findRelease } from './watch-release.ts'

/** What is live in an app, and can go to another as it is. */
export interface Promotable {
  readonly place: DriverName
  readonly live: KeptRelease
  readonly source: Source & { readonly commit: string }
}

/** Throws `NOT_FOUND` for an app that is not there, and `NOT_PROMOTABLE` where nothing is live that could go to `app`: it says what, and what to do. */
export async function findPromotable(services: Services, { app, from }: { readonly app: AppName; readonly from: AppName }, signal: AbortSignal): Promise<Promotable> {
  if (app === from) throw new PlimsollError('USAGE', `${app} cannot be promoted to itself`, { hint: 'Name two places: plimsoll promote staging production' })
  const origin = await findApp(services, from)
  await assertSamePlace(services, { app, origin })
  const live = await liveRelease(services, from, signal)
  if (live === undefined) throw new PlimsollError('NOT_PROMOTABLE', `Nothing is live in ${from}`, { hint: `Release it there first, as in: plimsoll release --to staging` })
  const { source } = await findRelease(services, from, live.release)
  const { commit } = source
  if (source.dirty || commit === undefined) {
    throw new PlimsollError('NOT_PROMOTABLE', `Release ${live.release} of ${from} holds files that are in no commit, so that nobody could tell later what went live`, { hint: 'Commit what belongs to it, and release it there again, as in: plimsoll release --to staging' })
  }
  return { place: origin.place, live, source: { ...source, commit } }
}

async function assertSamePlace({ places, store }: Services, { app, origin }: { readonly app: AppName; readonly origin: AppRecord }): Promise<void> {
  const { name, place } = origin
  if ((await places.open(place)).platform !== undefined) throw new PlimsollError('NOT_PROMOTABLE', `${name} lives on ${place}, which builds for itself: Plimsoll has no artifacts of it to hand on`, { hint: 'Release the same commit: plimsoll release --to PLACE' })
  const known = await store.apps.find(app)
  if (known === undefined || known.place === place) return
  throw new PlimsollError('NOT_PROMOTABLE', `${name} runs on ${place} and ${app} on ${known.place}, which cannot run the same artifacts`, { hint: `Let both places have one driver, or build for this one: plimsoll release --to PLACE` })
}
