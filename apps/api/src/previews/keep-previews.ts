import type { EdgeContext } from '@plimsoll/engine'
import { PlimsollError, type AppName, type Release, type ReleaseNumber } from '@plimsoll/model'
import type { CronKeeper } from '../keep-crons.ts'
import type { ReleaseRunner } from '../release-runner.ts'
import type { Services } from '../services.ts'
import { createPreview, type WantedPreview } from './create-preview.ts'
import { endPreview } from './end-preview.ts'
import { seedPreview } from './seed-preview.ts'

/** How often it is looked whether one has expired, or waits to be removed. */
const everyMs = 60_000

/** Makes previews, fills those that begin empty, and removes them when they are not wanted any more, also when Plimsoll was away meanwhile. */
export interface PreviewKeeper {
  /** See {@link createPreview}. */
  create(wanted: WantedPreview, signal: AbortSignal): Promise<Release>
  /** See {@link endPreview}. Goes on when whoever asked is gone; two that ask are answered together. */
  end(app: AppName): Promise<void>
  /** A release of this app has ended: what waits for that is done. */
  refresh(app: AppName): Promise<void>
  /** Removes what has expired or was being removed, and fills what is live and was not filled. Twice is once. */
  sweep(signal: AbortSignal): Promise<void>
  /** Removes what a Plimsoll that died had only begun to make, and sweeps now and then until `signal` fires. */
  keep(signal: AbortSignal): Promise<void>
  /** Lets go of what is being done, which the next start goes on with, and returns when nothing is. */
  close(): Promise<void>
}

export interface KeepingPreviews {
  readonly services: Services
  readonly runner: ReleaseRunner
  readonly crons: Pick<CronKeeper, 'end'>
  readonly contextFor: (app: AppName, release: ReleaseNumber, signal: AbortSignal) => Promise<EdgeContext>
  readonly report: (error: unknown) => void
}

export function createPreviewKeeper(parts: KeepingPreviews): PreviewKeeper {
  const { services, runner, report } = parts
  const { store, clock } = services
  const leaving = new AbortController()
  const ending = new Map<AppName, Promise<void>>()
  const seeding = new Map<AppName, Promise<void>>()
  const creating = new Map<string, Promise<void>>()

  const once = (going: Map<AppName, Promise<void>>, app: AppName, work: () => Promise<void>): Promise<void> => {
    const known = going.get(app)
    if (known !== undefined) return known
    const doing = work().finally(() => going.delete(app))
    going.set(app, doing)
    return doing
  }

  async function end(app: AppName): Promise<void> {
    return once(ending, app, async () => {
      // What fills it would use what is removed.
      const before = seeding.get(app)
      await store.previews.beginEnd(app)
      await endPreview(parts, app, leaving.signal)
      await before?.catch(() => undefined) // It has said so itself.
    })
  }

  async function seed(app: AppName): Promise<void> {
    return once(seeding, app, async () => {
      const record = await store.previews.find(app)
      if (record !== undefined) await seedPreview(parts, record, leaving.signal)
    })
  }

  async function sweep(): Promise<void> {
    const now = new Date(clock.now()).toISOString()
    for (const { app, isEnding, expiresAt } of await store.previews.list()) {
      if (leaving.signal.aborted) return
      const isOver = isEnding || (expiresAt !== null && expiresAt <= now)
      await (isOver ? end(app) : seed(app)).catch((error: unknown) => {
        if (!leaving.signal.aborted) report(error)
      })
    }
  }

  return {
    end,
    sweep,
    refresh: seed,
    create(wanted, signal) {
      if (leaving.signal.aborted) throw new PlimsollError('INTERRUPTED', 'Plimsoll is stopping')
      const { of, pull, branch } = wanted
      const key = JSON.stringify([of, pull, branch])
      // One after the other: what the first has begun gives way to the second.
      const made = (creating.get(key) ?? Promise.resolve()).then(() => createPreview({ services, runner, end }, wanted, AbortSignal.any([signal, leaving.signal])))
      const settled: Promise<void> = made.then(() => undefined, () => undefined) // Whoever asked is told.
      creating.set(key, settled)
      void settled.finally(() => creating.get(key) === settled && creating.delete(key))
      return made
    },
    async keep(signal) {
      for (const { app } of await store.previews.list().catch((error: unknown) => (report(error), []))) {
        if ((await store.apps.find(app)) === undefined) await store.previews.beginEnd(app).catch(report)
      }
      while (!signal.aborted) {
        await sweep().catch(report)
        // The signal ends the wait, and the loop.
        await clock.sleep(everyMs, signal).catch(() => undefined)
      }
    },
    async close() {
      leaving.abort(new PlimsollError('INTERRUPTED', 'Plimsoll is stopping'))
      await Promise.allSettled([...ending.values(), ...seeding.values(), ...creating.values()])
    },
  }
}
