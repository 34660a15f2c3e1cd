import { join } from 'node:path'
import { copySource, usualReceiveLimits } from '@plimsoll/drivers'
import { PlimsollError, type AppName, type Release, type Source } from '@plimsoll/model'
import type { ReleaseRunner, WantedRelease } from '../release-runner.ts'
import type { Services } from '../services.ts'
import { liveRelease } from '../verify/live-release.ts'
import { serverActionsKey } from '../wiring.ts'
import { beginRelease } from './begin-release.ts'
import { differencesOf } from './describe-promotion.ts'
import { findPromotable } from './find-promotable.ts'
import { keepSource } from './sent-sources.ts'

interface Wanted {
  readonly app: AppName
  readonly from: AppName
  /** The one that was shown; whichever is live unless given. */
  readonly release?: number | undefined
  readonly domains?: boolean | undefined
  readonly waitMs?: number | undefined
  readonly watchMs?: number | undefined
  readonly skipVerify?: string | undefined
  readonly traceparent?: string | undefined
  readonly asking?: WantedRelease['asking']
}

/**
 * Starts a release of `app` that runs the very artifacts which are live in `from`. Its source is a copy of that commit, for those that were released from a
 * directory which has moved on since. Throws `NOT_PROMOTABLE`, also when another release is live there than `release`, `SOURCE_UNREADABLE`, and what a release does.
 */
export async function promote(parts: { readonly services: Services; readonly runner: ReleaseRunner }, wanted: Wanted, signal: AbortSignal): Promise<Release> {
  const { services } = parts
  const { app, from } = wanted
  const { place, live, source } = await findPromotable(services, wanted, signal)
  if (wanted.release !== undefined && wanted.release !== live.release) {
    throw new PlimsollError('NOT_PROMOTABLE', `Release ${wanted.release} of ${from} is live no longer: release ${live.release} is`, { hint: 'Run the same command again, and see what it would promote now.' })
  }
  await differencesOf(services, { app, from, values: {} }, { live, source, before: await liveRelease(services, app, signal) })
  const copied = await copyOf(services, { app, source }, signal)
  await takeServerActionsKey(services, { app, from })
  return beginRelease(parts, {
    app, on: place, domains: wanted.domains, waitMs: wanted.waitMs ?? 0, watchMs: wanted.watchMs, canary: undefined, pause: false,
    skipVerify: wanted.skipVerify, traceparent: wanted.traceparent, asking: wanted.asking,
    source: { ...copied, promotedFrom: { app: from, release: live.release } },
  }, signal)
}

async function copyOf(services: Services, { app, source }: { readonly app: AppName; readonly source: Source & { readonly commit: string } }, signal: AbortSignal): Promise<Source> {
  const { root, commit, branch, blueprint } = source
  const { directory, value } = await keepSource(services, app, (at) => copySource(at, { from: root, commit, branch }, usualReceiveLimits, signal))
  return { ...source, ...(await services.readSource(join(directory, value.prefix), blueprint)) }
}

/** The artifacts hold what the key has encrypted: with another one, forms of their pages could not be sent. */
async function takeServerActionsKey({ store, secrets }: Services, { app, from }: { readonly app: AppName; readonly from: AppName }): Promise<void> {
  const key = await store.keptValues.get(from, serverActionsKey)
  if (key === undefined || key === (await store.keptValues.get(app, serverActionsKey))) return
  secrets.learn([key])
  await store.keptValues.set(app, serverActionsKey, key)
}
