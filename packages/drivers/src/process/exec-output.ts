import type { Clock, ExecRequest } from '@plimsoll/engine'
import { LogReader } from './log-file.ts'
import { logLine } from './log-lines.ts'

const keptLines = 50
const pollMs = 50

interface Printing {
  readonly request: Pick<ExecRequest, 'unit' | 'output'>
  readonly instance: string
  readonly logFile: string
  /** Where in the log the command's own lines begin; a number counts bytes. */
  readonly from: 'end' | number
}

/** Hands on what the command prints, and keeps its last lines. */
export class ExecOutput {
  readonly last: string[] = []
  readonly #clock: Clock
  readonly #reader: LogReader
  readonly #print: (text: string) => void

  private constructor(clock: Clock, reader: LogReader, print: (text: string) => void) {
    this.#clock = clock
    this.#reader = reader
    this.#print = print
  }

  static async open({ clock }: { readonly clock: Clock }, { request, instance, logFile, from }: Printing): Promise<ExecOutput> {
    const { service, release } = request.unit
    const print = (text: string) => {
      request.output(logLine(text, new Date(clock.now()).toISOString(), { service, release, instance, stream: 'out' }))
    }
    return new ExecOutput(clock, await LogReader.open(logFile, from), print)
  }

  /** Gives what `end` gives, once all that was printed until then has been handed on. Throws the signal's reason when it fires first. */
  async until<End>(end: Promise<End>, signal: AbortSignal): Promise<End> {
    const over = new AbortController()
    // Its failure is thrown by the last line of this function.
    end.catch(() => undefined).finally(() => over.abort())
    const either = AbortSignal.any([signal, over.signal])
    while (!over.signal.aborted) {
      this.#take(await this.#reader.more())
      signal.throwIfAborted()
      // Ends early when the command does, or when it is not wanted any more; the loop sees which.
      await this.#clock.sleep(pollMs, either).catch(() => undefined)
    }
    this.#take(await this.#reader.more())
    const rest = this.#reader.rest()
    if (rest !== undefined) this.#take([rest])
    return end
  }

  #take(lines: readonly string[]): void {
    for (const text of lines) this.#print(text)
    this.last.push(...lines)
    this.last.splice(0, Math.max(0, this.last.length - keptLines))
  }
}
