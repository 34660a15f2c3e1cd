/** Decides when a request that has come may be looked at. */
export interface Admission {
  /** Calls `goOn` now, or when it is known again that the table is the current one. */
  admit(goOn: () => void): void
}

/** For an edge alone: nobody tells it that its table is old. */
export const alwaysSure: Admission = { admit: (goOn) => goOn() }

/**
 * After standing still for so long an edge does not know whether others have switched without it. Below what a controller waits for
 * (`waitMs` in `createEdgeFleet`), so that whoever was left out of a switch has noticed.
 */
const stillMs = 2_000
/** So long it waits for its controller's word. Then there is none, and users are served as before. */
const wordMs = 3_000
const tickMs = 100

/**
 * Notices that this process stood still: it was stopped, or its machine was. Meanwhile connections came into the queue of the kernel, and
 * it would answer them first of all when it goes on, by a table that may be old. They wait until the controller has said what holds.
 */
export class Vigil implements Admission {
  /** Called when this process has woken up. */
  onWake: () => void = () => undefined
  readonly #ticking: NodeJS.Timeout
  readonly #waiting: (() => void)[] = []
  #tickedAt = performance.now()
  #wokeAt = -Infinity
  #unsure: NodeJS.Timeout | undefined

  constructor() {
    this.#ticking = setInterval(() => this.#look(), tickMs).unref()
  }

  admit(goOn: () => void): void {
    this.#look()
    if (this.#unsure === undefined) goOn()
    else this.#waiting.push(goOn)
  }

  /** The controller has said that the table is the current one, over a connection that was made at `since`: what was sent before this process woke up says nothing. */
  confirm(since: number): void {
    this.#look()
    if (since > this.#wokeAt) this.#settle()
  }

  end(): void {
    clearInterval(this.#ticking)
    this.#settle()
  }

  #look(): void {
    const now = performance.now()
    const stoodStill = now - this.#tickedAt > stillMs
    this.#tickedAt = now
    if (!stoodStill) return
    this.#wokeAt = now
    clearTimeout(this.#unsure)
    this.#unsure = setTimeout(() => this.#settle(), wordMs).unref()
    this.onWake()
  }

  #settle(): void {
    clearTimeout(this.#unsure)
    this.#unsure = undefined
    for (const goOn of this.#waiting.splice(0)) goOn()
  }
}
