import { createHash } from 'node:crypto'
import { isPlimsollError, toProblem } from '@plimsoll/model'
import type { Machine } from '../proxy/machines.ts'
import type { FleetMember } from './fleet-member.ts'

export interface FleetMachinesParts {
  /** Asked every second. */
  readonly machines: (signal: AbortSignal) => Promise<readonly Machine[]>
  readonly log: (line: string) => void
}

const listMs = 1_000
const listLimitMs = 5_000

/** What the edges of a fleet are told of the machines below them, each as soon as it answers and whenever it has changed. It is advice, and no part of their table. */
export class FleetMachines {
  readonly #parts: FleetMachinesParts
  readonly #closed = new AbortController()
  /** What each edge was told last, and in which life. */
  readonly #told = new WeakMap<FleetMember, string>()
  readonly #telling = new Set<FleetMember>()
  #machines: readonly Machine[] | undefined
  #digest = ''
  #listing = false
  #timer: NodeJS.Timeout | undefined

  constructor(parts: FleetMachinesParts) {
    this.#parts = parts
  }

  begin(): void {
    void this.#list()
    this.#timer = setInterval(() => void this.#list(), listMs).unref()
  }

  close(): void {
    clearInterval(this.#timer)
    this.#closed.abort()
  }

  /** Tells an edge what it was not told yet. Never throws. */
  async tell(member: FleetMember): Promise<void> {
    const wanted = `${member.word?.life} ${this.#digest}`
    if (this.#machines === undefined || !member.answers || this.#told.get(member) === wanted || this.#telling.has(member)) return
    this.#telling.add(member)
    try {
      await member.ask({ method: 'PUT', path: '/machines', body: { machines: this.#machines } })
      this.#told.set(member, wanted)
    } catch (error) {
      // An older edge does without; one that did not answer is told when it does.
      if (isPlimsollError(error) && error.code === 'NOT_FOUND') this.#told.set(member, wanted)
    } finally {
      this.#telling.delete(member)
    }
  }

  /** Where nobody can tell, what was told last stands. */
  async #list(): Promise<void> {
    if (this.#listing) return
    this.#listing = true
    try {
      this.#machines = await this.#parts.machines(AbortSignal.any([this.#closed.signal, AbortSignal.timeout(listLimitMs)]))
      this.#digest = createHash('sha256').update(JSON.stringify(this.#machines)).digest('hex')
    } catch (error) {
      if (!this.#closed.signal.aborted) this.#parts.log(`the machines cannot be listed: ${toProblem(error).message}`)
    } finally {
      this.#listing = false
    }
  }
}
