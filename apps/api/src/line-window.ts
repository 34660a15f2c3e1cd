import type { LogLine } from '@plimsoll/model'

/** Lines that are kept for those who come late. */
const keptLines = 400
/** What is kept for those who read slowly, in characters: about as many megabytes. */
const mostCharacters = 8_000_000

/** Who reads on, and up to which line they have. */
export interface LineReader {
  at: number
}

/**
 * The last lines of what goes on, kept once for all who read them, however many and however slow they are. Whoever falls further behind than there is room
 * misses the oldest, and is told how many.
 */
export class LineWindow {
  readonly #readers = new Set<LineReader>()
  #lines: LogLine[] = []
  /** The number of the first that is kept. */
  #first = 0
  #characters = 0

  push(line: LogLine): void {
    this.#lines.push(line)
    this.#characters += line.text.length
    if (this.#lines.length > 2 * keptLines || this.#characters > mostCharacters) this.#trim()
  }

  /** Begins with the last lines so far. */
  join(): LineReader {
    const reader = { at: Math.max(this.#first, this.#end - keptLines) }
    this.#readers.add(reader)
    return reader
  }

  leave(reader: LineReader): void {
    this.#readers.delete(reader)
  }

  /** The next line of this reader, or how many were lost to it; undefined when it has all that there are. */
  next(reader: LineReader): LogLine | { readonly missed: number } | undefined {
    const missed = this.#first - reader.at
    if (missed > 0) {
      reader.at = this.#first
      return { missed }
    }
    const line = this.#lines[reader.at - this.#first]
    if (line !== undefined) reader.at += 1
    return line
  }

  get #end(): number {
    return this.#first + this.#lines.length
  }

  #trim(): void {
    const needed = Math.min(this.#end - keptLines, ...[...this.#readers].map(({ at }) => at))
    let drop = Math.max(0, needed - this.#first)
    let left = this.#characters - sizeOf(this.#lines.slice(0, drop))
    while (left > mostCharacters && drop < this.#lines.length - 1) left -= this.#lines[drop++]?.text.length ?? 0
    this.#lines = this.#lines.slice(drop)
    this.#first += drop
    this.#characters = left
  }
}

function sizeOf(lines: readonly LogLine[]): number {
  return lines.reduce((sum, { text }) => sum + text.length, 0)
}
