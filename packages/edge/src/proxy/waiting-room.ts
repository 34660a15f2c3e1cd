import { type AppName, type Holds, longestPauseMs } from '@plimsoll/model'

/** What becomes of a request now: it goes on, waits for the end of a pause, or is told to come again. */
export type Admission = 'served' | 'waits' | 'refused' | 'maintenance'

/** How many requests wait at most, over all apps: each holds a socket and its buffers, about 20 kB. */
const roomFor = 10_000

/** Decides by the app's holds and by how long the request has waited already. Times are milliseconds since 1970. */
export function admissionOf({ maintenance, pause }: Holds, { since, now }: { readonly since: number; readonly now: number }): Admission {
  if (maintenance !== undefined) return 'maintenance'
  if (pause === undefined) return 'served'
  if (now >= Date.parse(pause.until)) return pause.atEnd === 'serve' ? 'served' : 'refused'
  return now < since + longestPauseMs ? 'waits' : 'refused'
}

/** The holds as a person is told them: a pause after which requests are served again is over at its end. */
export function standing({ pause, ...others }: Holds, now: number): Holds {
  const isOver = pause === undefined || (pause.atEnd === 'serve' && now >= Date.parse(pause.until))
  return isOver ? others : { ...others, pause }
}

interface Waiting {
  readonly app: AppName
  readonly wake: () => void
}

/** Requests that wait for the end of a pause, in the order in which they came. */
export class WaitingRoom {
  readonly #waiting = new Set<Waiting>()

  get count(): number {
    return this.#waiting.size
  }

  /**
   * Calls `look` once: when the app's pause has changed, or at `until`. Returns how to leave before that;
   * undefined when the room is full.
   */
  wait(app: AppName, until: number, look: () => void): (() => void) | undefined {
    if (this.#waiting.size >= roomFor) return undefined
    const timer = setTimeout(() => waiting.wake(), Math.max(0, until - Date.now()))
    const leave = (): void => {
      clearTimeout(timer)
      this.#waiting.delete(waiting)
    }
    const waiting: Waiting = {
      app,
      wake: () => {
        leave()
        look()
      },
    }
    this.#waiting.add(waiting)
    return leave
  }

  /** Lets all that wait for `app` look again. */
  wake(app: AppName): void {
    // Taken out first: whoever still has to wait comes back in.
    const woken = [...this.#waiting].filter((waiting) => waiting.app === app)
    for (const waiting of woken) waiting.wake()
  }
}
