import { toProblem } from '@plimsoll/model'
import type { Vigil } from '../member/vigil.ts'
import { termKey } from './haproxy-config.ts'
import type { HaproxyKeeper } from './haproxy-keeper.ts'
import { runCommands } from './runtime-socket.ts'

/**
 * So long HAProxy answers by itself after it was last told that it may: no longer than an edge may stand still without being unsure of its table. A HAProxy
 * that goes on while its edge stands still asks the edge then, and so does one that stood still itself.
 */
const termMs = 2_000
const renewMs = 500

export interface HaproxyTermParts {
  readonly vigil: Pick<Vigil, 'isSure'>
  readonly keeper: Pick<HaproxyKeeper, 'control' | 'settled'>
  /** The name by which HAProxy knows the map. */
  readonly map: string
  readonly log: (line: string) => void
}

/** What HAProxy was told last. */
interface Told {
  readonly control: string
  readonly mayAnswer: boolean
  readonly at: number
}

/** Tells the HAProxy of one edge of several until when it may answer by itself: as long as the edge is sure of its table, always a little further. */
export class HaproxyTerm {
  readonly #parts: HaproxyTermParts
  #told: Told | undefined
  #isTelling = false
  #couldTell = true

  constructor(parts: HaproxyTermParts) {
    this.#parts = parts
  }

  /** To be called whenever the edge has become sure or unsure, and some times a second: so it is told again where it could not be. */
  look(): void {
    if (!this.#isTelling) void this.#tellWhatIsDue()
  }

  async #tellWhatIsDue(): Promise<void> {
    const { keeper, vigil } = this.#parts
    this.#isTelling = true
    for (let { control } = keeper; control !== undefined && this.#isDue(control); { control } = keeper) {
      // One that asks the edge learns first what follows from the table of which the edge has become sure.
      if (!this.#mayAnswer(control) && vigil.isSure) await keeper.settled()
      const told = { control, mayAnswer: vigil.isSure, at: performance.now() }
      if (!(await this.#tell(control, told.mayAnswer ? Date.now() + termMs : 0))) break
      this.#told = told
    }
    this.#isTelling = false
  }

  #mayAnswer(control: string): boolean {
    return this.#told?.control === control && this.#told.mayAnswer
  }

  #isDue(control: string): boolean {
    const { isSure } = this.#parts.vigil
    return this.#told?.control !== control || this.#told.mayAnswer !== isSure || (isSure && performance.now() - this.#told.at >= renewMs)
  }

  /** Whether it could be told; one that cannot be asks the edge when its time is over. */
  async #tell(control: string, until: number): Promise<boolean> {
    try {
      await runCommands(control, [`set map ${this.#parts.map} ${termKey} ${until}`])
      this.#couldTell = true
    } catch (error) {
      if (this.#couldTell) this.#parts.log(toProblem(error).message)
      this.#couldTell = false
    }
    return this.#couldTell
  }
}
