import { retire } from '@plimsoll/engine'
import { isPlimsollError, isWatching, type AppName, type Release } from '@plimsoll/model'
import type { ReleaseRunner } from './release-runner.ts'
import { restate } from './settle-release.ts'
import type { Services } from './services.ts'

/** How often it is looked whether a warm release has had its time. */
const everyMs = 30_000

/** Retires releases that were kept warm for `warmMs` after the one that replaced them went live. Ends when `signal` fires. */
export async function keepWarm({ services, runner, warmMs, report }: { readonly services: Services; readonly runner: ReleaseRunner; readonly warmMs: number; readonly report: (error: unknown) => void }, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await services.clock.sleep(everyMs, signal).catch(() => undefined)
    if (signal.aborted) return
    for (const { name } of await services.store.apps.list().catch(() => [])) {
      await retireOverdue({ services, runner, warmMs }, name, signal).catch((error: unknown) => {
        // A release that runs holds the lease; it retires what is old by itself.
        if (!signal.aborted && !(isPlimsollError(error) && error.code === 'RELEASE_LOCKED')) report(error)
      })
    }
  }
}

/** Retires every warm release of `app` whose time is over. */
export async function retireOverdue({ services, runner, warmMs }: { readonly services: Services; readonly runner: ReleaseRunner; readonly warmMs: number }, app: AppName, signal: AbortSignal): Promise<void> {
  if (!(await isOverdue(services, { app, warmMs }, signal))) return
  await runner.exclusively(app, async ({ lease, context }) => {
    const traffic = await services.edge.live(app, context.signal)
    if (traffic === undefined) return
    await retire(context, traffic, traffic.previous.map(({ release }) => release))
    await restate(services, { app, fence: lease.fence, traffic: await services.edge.live(app, context.signal) })
  }, signal)
}

async function isOverdue({ edge, store, clock }: Services, { app, warmMs }: { readonly app: AppName; readonly warmMs: number }, signal: AbortSignal): Promise<boolean> {
  const traffic = await edge.live(app, signal)
  if (traffic === undefined || traffic.previous.length === 0) return false
  const { releases } = await store.releases.list(app, { limit: 20 })
  // A watch may still want to go back.
  if (releases.some(({ watch }) => isWatching(watch))) return false
  const lastSwitch = lastSwitchIn(releases)
  return lastSwitch !== undefined && clock.now() - lastSwitch >= warmMs
}

/** When another release went live last, in milliseconds since 1970; `releases` are newest first. */
export function lastSwitchIn(releases: readonly Release[]): number | undefined {
  const last = releases.find(({ outcome }) => outcome?.is === 'completed' || outcome?.is === 'rolled-back')?.endedAt
  return last === undefined ? undefined : Date.parse(last)
}
