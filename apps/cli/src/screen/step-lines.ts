import type { JournalEntry, StepLabel } from '@plimsoll/model'
import { durationText } from './durations.ts'
import type { Painter } from './painter.ts'

/** One line of a release's progress that will not change any more. */
export interface SettledLine {
  readonly text: string
}

const undo = 'Undo: '

/** Columns for the mark, the time, and what stands between. */
const besideTitle = 12

/** What is known of a release from its journal, for drawing it line by line. */
export class StepLines {
  readonly #titles: ReadonlyMap<string, string>
  readonly #width: number
  readonly #paint: Painter
  readonly #firstLasting: number
  readonly #order: readonly string[]
  readonly #lasting: ReadonlySet<string>
  #began = 0
  #running: { readonly step: string; readonly undoing: boolean } | undefined

  /** No line is longer than `columns` if that is at all possible. */
  constructor(steps: readonly StepLabel[], paint: Painter, columns = Infinity) {
    this.#titles = new Map(steps.map(({ name, title }) => [name, title]))
    this.#width = Math.max(10, Math.min(Math.max(...steps.map(({ title }) => title.length)) + undo.length, columns - besideTitle))
    this.#paint = paint
    this.#lasting = new Set(steps.filter(({ moment }) => moment === 'data').map(({ name }) => name))
    this.#order = steps.map(({ name }) => name)
    this.#firstLasting = steps.findIndex(({ pointOfNoReturn }) => pointOfNoReturn)
  }

  /** Whether the release has come so far that it is not undone any more. */
  get isPastReturn(): boolean {
    return this.#running !== undefined && this.#firstLasting >= 0 && this.#order.indexOf(this.#running.step) >= this.#firstLasting
  }

  /** Takes one entry in; gives the line that it settles, if it settles one. */
  take(entry: JournalEntry): SettledLine | undefined {
    if (entry.is === 'started' || entry.is === 'undoing') {
      this.#began = Date.parse(entry.at)
      // What was done to data stays: nobody shall read that it was undone.
      if (entry.is === 'undoing' && this.#lasting.has(entry.step)) return undefined
      this.#running = { step: entry.step, undoing: entry.is === 'undoing' }
      return undefined
    }
    const wasUndoing = this.#running?.undoing === true
    this.#running = undefined
    // A step without an undo has nothing to take back, and nothing to say.
    if (entry.is === 'undone' && !wasUndoing) return undefined
    return { text: this.#settled(entry) }
  }

  /** The line of what runs now, with the time since it began; undefined between steps. */
  running(now: number, note: string, frame: string): string | undefined {
    if (this.#running === undefined) return undefined
    const title = this.#title(this.#running.step, this.#running.undoing).padEnd(this.#width)
    const said = note === '' ? '' : `  ${this.#paint('dim', note)}`
    return `${this.#paint('cyan', frame)} ${title} ${this.#paint('dim', durationText(Math.max(0, now - this.#began)).padStart(8))}${said}`
  }

  #settled(entry: Exclude<JournalEntry, { is: 'started' | 'undoing' }>): string {
    const took = this.#paint('dim', durationText(Date.parse(entry.at) - this.#began).padStart(8))
    const title = this.#title(entry.step, entry.is === 'undone' || entry.is === 'undo-failed').padEnd(this.#width)
    switch (entry.is) {
      case 'done': return `${this.#paint('green', '✓')} ${title} ${took}`
      case 'undone': return `${this.#paint('yellow', '↶')} ${title} ${took}`
      case 'failed':
      case 'undo-failed': return `${this.#paint('red', '✗')} ${title} ${took}`
    }
  }

  #title(step: string, undoing: boolean): string {
    const title = `${undoing ? undo : ''}${this.#titles.get(step) ?? step}`
    return title.length > this.#width ? `${title.slice(0, this.#width - 1)}…` : title
  }
}
