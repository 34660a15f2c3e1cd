import type { LogLine } from '@plimsoll/model'

/** Longer lines come in pieces: a file without a newline must not fill our memory. */
const longestLine = 256 * 1024

/** Cuts bytes into lines. A line is whole when its newline has come; a character is never cut in two. */
export class LineCutter {
  #rest: Buffer[] = []
  #length = 0

  /** The lines that these bytes complete. */
  push(bytes: Buffer): string[] {
    const lines: string[] = []
    let from = 0
    for (let end = bytes.indexOf(10, from); end >= 0; end = bytes.indexOf(10, from)) {
      this.#keep(bytes.subarray(from, end))
      lines.push(this.end() ?? '')
      from = end + 1
    }
    this.#keep(bytes.subarray(from))
    if (this.#length > longestLine) lines.push(this.end() ?? '')
    return lines
  }

  /** What came without a newline; undefined when nothing did. */
  end(): string | undefined {
    if (this.#rest.length === 0) return undefined
    const text = Buffer.concat(this.#rest).toString('utf8')
    this.#rest = []
    this.#length = 0
    return text.endsWith('\r') ? text.slice(0, -1) : text
  }

  #keep(bytes: Buffer): void {
    if (bytes.length === 0) return
    this.#rest.push(Buffer.from(bytes))
    this.#length += bytes.length
  }
}

/** Structured loggers say when a line was made: pino's `time` is milliseconds since 1970, or an ISO string if so configured. */
export function timeOf(text: string): string | undefined {
  if (!text.startsWith('{') || !text.includes('"time"')) return undefined
  try {
    const line: unknown = JSON.parse(text)
    const time = typeof line === 'object' && line !== null && 'time' in line ? line.time : undefined
    const date = typeof time === 'number' || typeof time === 'string' ? new Date(time) : undefined
    return date === undefined || Number.isNaN(date.getTime()) ? undefined : date.toISOString()
  } catch {
    // Not JSON after all: a line like any other.
    return undefined
  }
}

export type LineOrigin = Pick<LogLine, 'service' | 'stream'> & { readonly release?: LogLine['release']; readonly instance?: string | undefined }

export function logLine(text: string, at: string, { service, release, instance, stream }: LineOrigin): LogLine {
  return { at: timeOf(text) ?? at, service, ...(release !== undefined && { release }), ...(instance !== undefined && { instance }), stream, text }
}
