import { LogFile } from './log-file.ts'

/** What became of one request, as it stands in the log. Without the query of its target, which may hold what nobody else should read. */
export interface AccessRecord {
  readonly id?: string
  readonly client: string
  readonly method?: string
  readonly host?: string
  readonly path?: string
  readonly status: number
  /** From the request's head to the end of its answer. */
  readonly ms: number
  /** Head and body of the answer, as they went over the wire. */
  readonly bytes: number
  /** False when the answer did not arrive whole. */
  readonly whole: boolean
  readonly app?: string
  readonly service?: string
  readonly release?: number
  readonly upstream?: string
  readonly agent?: string
}

export interface AccessLog {
  /** Whether it is worth making a record. */
  readonly keeps: boolean
  /** Takes a line for the file; never waits. */
  write(record: AccessRecord): void
  /**
   * Whether this process puts a full file aside, as it does unless told otherwise. Of several that write to one file, one may:
   * two would put aside what the other has just begun. Resolves when nothing is being put aside here any more.
   */
  turns(does: boolean): Promise<void>
  /** Resolves when all lines are in the file. */
  close(): Promise<void>
}

/** For an edge that keeps none. */
export const noAccessLog: AccessLog = { keeps: false, write: () => undefined, turns: async () => undefined, close: async () => undefined }

export interface AccessLogOptions {
  readonly path: string
  readonly maxBytes: number
  readonly log: (line: string) => void
  readonly now: () => Date
}

/** Lines wait this long, or until there are so many bytes of them. */
const [gatherMs, gatherChars] = [500, 32 * 1_024]

/** What a disk that does not keep up may hold back in memory; lines beyond it are lost, and their number is told. */
const maxBehind = 4 * 1_024 ** 2

/**
 * One JSON object a line, in two files of about `maxBytes`: `path`, and behind it `path.1`. Others may write to the same file
 * and put it aside; lines go to whatever stands at `path`.
 */
export function openAccessLog(options: AccessLogOptions): AccessLog {
  return new GatheringLog(options)
}

class GatheringLog implements AccessLog {
  readonly keeps = true
  readonly #options: AccessLogOptions
  readonly #file: LogFile
  readonly #timer: NodeJS.Timeout
  #lines: string[] = []
  #chars = 0
  #lost = 0
  #turns = true
  #writing: Promise<void> | undefined
  #trouble = ''

  constructor(options: AccessLogOptions) {
    this.#options = options
    this.#file = new LogFile(options.path)
    this.#timer = setInterval(() => this.#flush(), gatherMs).unref()
  }

  write(record: AccessRecord): void {
    if (this.#chars > maxBehind) return void (this.#lost += 1)
    const line = `${JSON.stringify({ time: this.#options.now().toISOString(), ...record })}\n`
    this.#lines.push(line)
    this.#chars += line.length
    if (this.#chars > gatherChars) this.#flush()
  }

  async turns(does: boolean): Promise<void> {
    this.#turns = does
    await this.#writing
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#writing
    this.#flush()
    await this.#writing
    await this.#file.close()
  }

  #flush(): void {
    if (this.#lines.length > 0) this.#writing ??= this.#attempt()
  }

  /** A log that cannot be written is no reason not to answer, nor to say so twice a second. */
  async #attempt(): Promise<void> {
    const { path, log } = this.#options
    try {
      await this.#settle()
      if (this.#lost > 0) log(`${path}: ${this.#lost} lines were lost, since the disk did not take them.`)
      this.#lost = 0
      this.#trouble = ''
    } catch (error) {
      const trouble = `${path} cannot be written: ${String(error)}`
      if (trouble !== this.#trouble) log(trouble)
      this.#trouble = trouble
    }
    this.#writing = undefined
    this.#chars = this.#lines.reduce((sum, line) => sum + line.length, 0)
  }

  async #settle(): Promise<void> {
    await this.#file.reopen()
    const lines = this.#lines
    this.#lines = []
    // What was written of them is not known: written again, some would stand there twice.
    await this.#file.append(lines.join('')).catch((error: unknown) => {
      this.#lost += lines.length
      throw error
    })
    if (this.#turns && (await this.#file.size()) >= this.#options.maxBytes) await this.#file.putAside()
  }
}
