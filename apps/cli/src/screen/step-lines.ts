import type { JournalEntry, StepLabel } from '@plimsoll/model'
import { durationText } from './durations.ts'
import type { Painter } from './painter.ts'

/** One line of a release's progress that will not change any more. */
export interface SettledLine {
  readonly text: string
}

/** What is known of a release from its journal, for drawing it line by line. */
export class StepLines {
  readonly #titles: ReadonlyMap<string, string>
  readonly #width: number
  readonly #paint: Painter
  #began = 0
  #running: { readonly step: string; readonly undoing: boolean } | undefined

  constructor(steps: readonly StepLabel[], paint: Painter) {
    this.#titles = new Map(steps.map(({ name, title }) => [name, title]))
    this.#width = Math.max(...steps.map(({ title }) => title.length), 10) + 2
    this.#paint = paint
  }

  /** Takes one entry in; gives the line that it settles, if it settles one. */
  take(entry: JournalEntry): SettledLine | undefined {
    if (entry.is === 'started' || entry.is === 'undoing') {
      this.#began = Date.parse(entry.at)
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
    const title = this.#title(this.#running.step, this.#running.undoing)
    const said = note === '' ? '' : `  ${this.#paint('dim', note)}`
    return `${this.#paint('cyan', frame)} ${title.padEnd(this.#width)} ${this.#paint('dim', durationText(Math.max(0, now - this.#began)).padStart(8))}${said}`
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
    const title = this.#titles.get(step) ?? step
    return undoing ? `Undo: ${title}` : title
  }
}
