import { randomUUID } from 'node:crypto'

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

/** The other machines, as far as an edge knows of them. */
export interface Surroundings {
  readonly isAlone: boolean
  /** Looks whether that is still so; where it is not, `doubt` is called before it resolves. */
  lookAround(): Promise<void>
}

const alwaysAmongOthers: Surroundings = { isAlone: false, lookAround: async () => undefined }

/**
 * Notices that this edge may have been left out of a switch, because it stood still, or its machine did, or the network was cut. Connections that came into the queue of the
 * kernel meanwhile, or come right after, would be answered by a table that may be old. They wait until the controller has said what holds.
 */
export class Vigil implements Admission {
  /** Called when it has woken up, or is back among others. */
  onWake: () => void = () => undefined
  /** Called when it has become sure or unsure, and again and again in between. */
  onLook: () => void = () => undefined
  /** While it is alone it looks around before it answers anybody: it does not know when it will be back. */
  surroundings: Surroundings = alwaysAmongOthers
  readonly #ticking: NodeJS.Timeout
  readonly #waiting: (() => void)[] = []
  #tickedAt = performance.now()
  #waking: string = randomUUID()
  #unsure: NodeJS.Timeout | undefined
  #lookingAround = false

  constructor() {
    this.#ticking = setInterval(() => {
      this.#look()
      this.onLook()
    }, tickMs).unref()
  }

  /** Whether who comes now is answered by the table that there is, without waiting. */
  get isSure(): boolean {
    this.#look()
    return this.#unsure === undefined && !this.surroundings.isAlone
  }

  admit(goOn: () => void): void {
    if (this.isSure) return goOn()
    this.#waiting.push(goOn)
    if (this.#unsure === undefined) void this.#whileAlone()
  }

  /** Others may have switched without this edge: from now on it waits for its controller's word. */
  doubt(): void {
    this.#waking = randomUUID()
    clearTimeout(this.#unsure)
    this.#unsure = setTimeout(() => this.#settle(), wordMs).unref()
    this.onLook()
    this.onWake()
  }

  /** Told to the controller, which tells it back. */
  get waking(): string {
    this.#look()
    return this.#waking
  }

  /** The controller has said that the table is the current one, and had heard this waking before: what it sent earlier says nothing, and may have been under way for seconds. */
  confirm(waking: string | undefined): void {
    if (waking === this.waking) this.#settle()
  }

  end(): void {
    clearInterval(this.#ticking)
    this.#settle()
  }

  #look(): void {
    const now = performance.now()
    const stoodStill = now - this.#tickedAt > stillMs
    this.#tickedAt = now
    if (stoodStill) this.doubt()
  }

  /** Whoever came before a look goes on by what it has shown. */
  async #whileAlone(): Promise<void> {
    if (this.#lookingAround) return
    this.#lookingAround = true
    while (this.#unsure === undefined && this.#waiting.length > 0) {
      const count = this.#waiting.length
      await this.surroundings.lookAround()
      if (this.#unsure === undefined) for (const goOn of this.#waiting.splice(0, count)) goOn()
    }
    this.#lookingAround = false
  }

  #settle(): void {
    clearTimeout(this.#unsure)
    this.#unsure = undefined
    for (const goOn of this.#waiting.splice(0)) goOn()
    this.onLook()
  }
}
