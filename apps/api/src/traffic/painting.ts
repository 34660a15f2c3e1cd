import { blankPicture, hasMoved, newestPoint, shownPicture, withReading, type KeptPicture } from '@plimsoll/engine'
import { hasSettled, isPlimsollError, isWatching, type Release, type TrafficEvent, type TrafficPicture } from '@plimsoll/model'
import { passing } from '../passing-problems.ts'
import type { Services } from '../services.ts'

type Parts = Pick<Services, 'store' | 'edge' | 'clock'>

/** How often the edge is read: its counts grow whether somebody reads them or not, so that a late reading loses nothing but detail. */
const everyMs = 1_000
/** How often the picture is written down; whoever goes on with it after a restart has what was counted meanwhile as one long point. */
const writeEveryMs = 10_000
/** How long it goes on after the last time that requests were sent elsewhere, where no watch takes longer. */
const aftermathMs = 60_000

/** Whether a picture of `release` is to be painted, as far as its row tells. */
export function wantsPicture({ state, watch, endedAt }: Release, now: number): boolean {
  return !hasSettled(state) || isWatching(watch) || (endedAt !== undefined && Date.parse(endedAt) > now - aftermathMs)
}

/** One picture as it is painted: read off the edge once a second, written down now and then, told to whoever watches. */
export class Painting {
  readonly #parts: Parts
  readonly #release: Pick<Release, 'app' | 'number'>
  #kept: KeptPicture = blankPicture
  /** Whether it is known what was painted before a restart. */
  #begun = false
  #readings = 0
  /** `left`: somebody else goes on with it. */
  #is: 'going on' | 'left' | 'over' = 'going on'
  #turned = Promise.withResolvers<void>()
  #writtenAt = -Infinity

  constructor(parts: Parts, release: Pick<Release, 'app' | 'number'>) {
    this.#parts = parts
    this.#release = release
  }

  get isOver(): boolean {
    return this.#is === 'over'
  }

  get picture(): TrafficPicture {
    return shownPicture(this.#kept, { painting: this.#is !== 'over' })
  }

  /** Paints until nobody looks after the release any more. Rejects with the signal's reason, written down as far as it is. */
  async toItsEnd(signal: AbortSignal): Promise<void> {
    try {
      while (!(await this.#look(signal).catch((error: unknown) => (signal.throwIfAborted(), unlessPassing(error))))) await this.#parts.clock.sleep(everyMs, signal)
      await this.#write().catch(unlessPassing)
      this.#is = 'over'
    } finally {
      if (this.#is !== 'over') {
        this.#is = 'left'
        await this.#write().catch(unlessPassing)
      }
      this.#turn()
    }
  }

  /** The whole, then each reading, then the end. Whoever reads slowly is given the whole again in the place of what was missed: nothing is queued. */
  async *events(signal: AbortSignal): AsyncGenerator<TrafficEvent> {
    for (let seen: { readonly readings: number; readonly resolutionMs: number } | undefined; !signal.aborted;) {
      const { resolutionMs } = this.#kept
      if (this.#is === 'over') return yield { event: 'end', data: this.picture }
      if (this.#is === 'left') return
      const turned = this.#turned.promise
      const isNext = seen?.readings === this.#readings - 1 && seen.resolutionMs === resolutionMs
      const newest = isNext ? newestPoint(this.#kept) : undefined
      if (seen?.readings !== this.#readings) yield newest ?? { event: 'picture', data: this.picture }
      seen = { readings: this.#readings, resolutionMs }
      await untilEither(turned, signal)
    }
  }

  /** True when it is over. */
  async #look(signal: AbortSignal): Promise<boolean> {
    const { store, edge, clock } = this.#parts
    const { app, number } = this.#release
    if (!this.#begun) this.#kept = (await store.trafficPictures.find(app, number)) ?? blankPicture
    this.#begun = true
    const [counters, traffic] = [await edge.counters(app, signal), await edge.live(app, signal)]
    const now = clock.now()
    this.#kept = withReading(this.#kept, { at: now, counters, traffic })
    this.#readings += 1
    this.#turn()
    const release = await store.releases.find(app, number)
    if (release === undefined || this.#isOver(release, now)) return true
    if (now - this.#writtenAt >= writeEveryMs) await this.#write()
    return false
  }

  #isOver({ state, watch, endedAt }: Release, now: number): boolean {
    if (!hasSettled(state) || isWatching(watch)) return false
    const lastTurn = Math.max(Date.parse(endedAt ?? '') || 0, this.#kept.phases.at(-1)?.from ?? 0)
    return !hasMoved(this.#kept) || now >= lastTurn + aftermathMs
  }

  /** Where nothing has moved there is nothing to keep. */
  async #write(): Promise<void> {
    if (!hasMoved(this.#kept)) return
    this.#writtenAt = this.#parts.clock.now()
    await this.#parts.store.trafficPictures.put({ app: this.#release.app, release: this.#release.number }, this.#kept)
  }

  #turn(): void {
    this.#turned.resolve()
    this.#turned = Promise.withResolvers()
  }
}

/** The edge and the database are brought back by others, and what was counted meanwhile comes with the next reading. */
function unlessPassing(error: unknown): undefined {
  if (isPlimsollError(error) && passing.has(error.code)) return undefined
  throw error
}

function untilEither(turned: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const go = (): void => resolve()
  signal.addEventListener('abort', go, { once: true })
  void turned.then(go)
  return promise.finally(() => signal.removeEventListener('abort', go))
}
