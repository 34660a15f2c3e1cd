import type { Ailment, Finding } from './watch-rule.ts'

/** How long something must last before it is acted on. A release that has just begun is slow for a while by nature. */
const lastsMs: Readonly<Record<Ailment, number>> = { errors: 1_000, broken: 1_000, slow: 30_000 }

interface Streak {
  readonly ailment: Ailment
  readonly since: number
  readonly badThen: number
}

export interface Noted {
  readonly finding: Finding
  /** Bad answers and broken connections ever; only grows. */
  readonly badSoFar: number
  /** Milliseconds. */
  readonly at: number
}

/** Remembers since when each service has been worse without a break. */
export class Streaks {
  readonly #streaks = new Map<string, Streak>()

  /** The ailment that has lasted long enough. Bad answers of a moment that is over, with only good ones since, are none. */
  note(service: string, { finding, badSoFar, at }: Noted): Ailment | undefined {
    if (finding.is !== 'worse') {
      this.#streaks.delete(service)
      return undefined
    }
    const { ailment } = finding
    const known = this.#streaks.get(service)
    if (known === undefined || known.ailment !== ailment) {
      this.#streaks.set(service, { ailment, since: at, badThen: badSoFar })
      return undefined
    }
    const goesOn = ailment === 'slow' || badSoFar > known.badThen
    return goesOn && at - known.since >= lastsMs[ailment] ? ailment : undefined
  }
}
