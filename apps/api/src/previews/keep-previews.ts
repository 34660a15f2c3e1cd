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
  sweep(): Promise<void>
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
  return new Keeper(parts)
}

class Keeper implements PreviewKeeper {
  readonly #parts: KeepingPreviews
  readonly #leaving = new AbortController()
  readonly #ending = new Map<AppName, Promise<void>>()
  readonly #seeding = new Map<AppName, Promise<void>>()
  readonly #creating = new Map<string, Promise<void>>()

  constructor(parts: KeepingPreviews) {
    this.#parts = parts
  }

  create(wanted: WantedPreview, signal: AbortSignal): Promise<Release> {
    if (this.#leaving.signal.aborted) throw new PlimsollError('INTERRUPTED', 'Plimsoll is stopping')
    const { services, runner } = this.#parts
    const { of, pull, branch } = wanted
    const key = JSON.stringify([of, pull, branch])
    const begin = () => createPreview({ services, runner, end: (app) => this.end(app) }, wanted, AbortSignal.any([signal, this.#leaving.signal]))
    // One after the other: what the first has begun gives way to the second.
    const made = (this.#creating.get(key) ?? Promise.resolve()).then(begin)
    const settled: Promise<void> = made.then(() => undefined, () => undefined) // Whoever asked is told.
    this.#creating.set(key, settled)
    void settled.finally(() => this.#creating.get(key) === settled && this.#creating.delete(key))
    return made
  }

  end(app: AppName): Promise<void> {
    return once(this.#ending, app, async () => {
      const { store } = this.#parts.services
      // What fills it would use what is removed.
      const before = this.#seeding.get(app)
      await store.previews.beginEnd(app)
      await endPreview(this.#parts, app, this.#leaving.signal)
      await before?.catch(() => undefined) // It has said so itself.
    })
  }

  refresh(app: AppName): Promise<void> {
    return once(this.#seeding, app, async () => {
      const record = await this.#parts.services.store.previews.find(app)
      if (record !== undefined) await seedPreview(this.#parts, record, this.#leaving.signal)
    })
  }

  async sweep(): Promise<void> {
    const { services: { store, clock }, report } = this.#parts
    const now = new Date(clock.now()).toISOString()
    for (const { app, isEnding, expiresAt } of await store.previews.list()) {
      if (this.#leaving.signal.aborted) return
      const isOver = isEnding || (expiresAt !== null && expiresAt <= now)
      await (isOver ? this.end(app) : this.refresh(app)).catch((error: unknown) => {
        if (!this.#leaving.signal.aborted) report(error)
      })
    }
  }

  async keep(signal: AbortSignal): Promise<void> {
    const { services: { clock }, report } = this.#parts
    await this.#dropUnmade().catch(report)
    while (!signal.aborted) {
      await this.sweep().catch(report)
      // The signal ends the wait, and the loop.
      await clock.sleep(everyMs, signal).catch(() => undefined)
    }
  }

  async close(): Promise<void> {
    this.#leaving.abort(new PlimsollError('INTERRUPTED', 'Plimsoll is stopping'))
    await Promise.allSettled([...this.#ending.values(), ...this.#seeding.values(), ...this.#creating.values()])
  }

  async #dropUnmade(): Promise<void> {
    const { store } = this.#parts.services
    for (const { app, of, pull, branch } of await store.previews.list()) {
      const isBeingMade = this.#creating.has(JSON.stringify([of, pull ?? undefined, branch ?? undefined]))
      if (!isBeingMade && (await store.apps.find(app)) === undefined) await store.previews.beginEnd(app)
    }
  }
}

function once(going: Map<AppName, Promise<void>>, app: AppName, work: () => Promise<void>): Promise<void> {
  const known = going.get(app)
  if (known !== undefined) return known
  const doing = work().finally(() => going.delete(app))
  going.set(app, doing)
  return doing
}
