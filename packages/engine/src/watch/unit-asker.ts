import type { Probe } from '../probe.ts'
import { faultOf, illnessOf, type WatchedUnit } from './watched-unit.ts'

/** So often in a row, and it is no chance. */
const mostFaults = 3
/** How many of the last requests are counted. */
const remembered = 20

interface Fault {
  readonly text: string
  readonly path: string | undefined
}

/**
 * Asks one unit after its health, and, where users ask too little, for its pages in turn. One that went badly is asked again
 * before any other. Three times badly in a row is a fault.
 */
export class UnitAsker {
  readonly #probe: Probe
  readonly #unit: WatchedUnit
  readonly #answers: boolean[] = []
  #turn = 0
  #illnesses: readonly Fault[] = []
  #pageFaults: readonly Fault[] = []

  constructor(probe: Probe, unit: WatchedUnit) {
    this.#probe = probe
    this.#unit = unit
  }

  async ask({ pagesToo }: { readonly pagesToo: boolean }, signal: AbortSignal): Promise<void> {
    const illness = this.#noted(await illnessOf(this.#probe, this.#unit, signal))
    this.#illnesses = illness === undefined ? [] : [...this.#illnesses, { text: illness, path: undefined }]
    const path = this.#unit.pages[this.#turn % this.#unit.pages.length]
    if (!pagesToo || path === undefined) return
    const fault = this.#noted(await faultOf(this.#probe, { unit: this.#unit, path }, signal))
    this.#pageFaults = fault === undefined ? [] : [...this.#pageFaults, { text: fault, path }]
    if (fault === undefined) this.#turn += 1
  }

  /** What is wrong for certain, and the path that shows it where it is a page. */
  get fault(): Fault | undefined {
    return [this.#illnesses, this.#pageFaults].find(({ length }) => length >= mostFaults)?.at(-1)
  }

  get asked(): { readonly asked: number; readonly askedBadly: number } {
    return { asked: this.#answers.length, askedBadly: this.#answers.filter((well) => !well).length }
  }

  #noted(fault: string | undefined): string | undefined {
    this.#answers.push(fault === undefined)
    if (this.#answers.length > remembered) this.#answers.shift()
    return fault
  }
}
