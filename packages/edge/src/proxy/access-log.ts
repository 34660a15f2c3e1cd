import type { WriteStream } from 'node:fs'
import { createWriteStream } from 'node:fs'
import { rename, stat } from 'node:fs/promises'

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
  /** Resolves when all lines are in the file. */
  close(): Promise<void>
}

/** For an edge that keeps none. */
export const noAccessLog: AccessLog = { keeps: false, write: () => undefined, close: async () => undefined }

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

/** One JSON object a line, in two files of at most `maxBytes`: `path`, and behind it `path.1`. */
export async function openAccessLog({ path, maxBytes, log, now }: AccessLogOptions): Promise<AccessLog> {
  let size = await stat(path).then((found) => found.size, () => 0)
  let lines = ''
  let lost = 0
  let turning: Promise<void> | undefined
  let file = appendTo(path, log)
  const turn = async (): Promise<void> => {
    await ended(file)
    await rename(path, `${path}.1`).catch((error: unknown) => log(`${path} could not be put aside: ${String(error)}`))
    file = appendTo(path, log)
    size = 0
    turning = undefined
  }
  const flush = (): void => {
    if (lines === '' || turning !== undefined) return
    if (lost > 0) log(`${path}: ${lost} lines were lost, since the disk did not keep up.`)
    lost = 0
    size += lines.length
    file.write(lines)
    lines = ''
    if (size >= maxBytes) turning = turn()
  }
  const timer = setInterval(flush, gatherMs).unref()
  return {
    keeps: true,
    write(record) {
      if (lines.length + file.writableLength > maxBehind) return void (lost += 1)
      lines += `${JSON.stringify({ time: now().toISOString(), ...record })}\n`
      if (lines.length > gatherChars) flush()
    },
    async close() {
      clearInterval(timer)
      await turning
      flush()
      await turning
      await ended(file)
    },
  }
}

function appendTo(path: string, log: (line: string) => void): WriteStream {
  const file = createWriteStream(path, { flags: 'a', mode: 0o600 })
  // A log that cannot be written is no reason not to answer.
  file.on('error', (error) => log(`${path} cannot be written: ${error.message}`))
  return file
}

async function ended(file: WriteStream): Promise<void> {
  if (file.closed || file.destroyed) return
  await new Promise<void>((resolve) => {
    file.once('close', resolve)
    file.end()
  })
}
