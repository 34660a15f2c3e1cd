import { closeSync, openSync, writeSync } from 'node:fs'
import { isDiskFull, type LogLine, type ServiceName } from '@plimsoll/model'

/** Takes every line of one build: tells it on, keeps the last, and writes all to a file that only its owner reads. */
export interface BuildLog {
  readonly file: string
  /** A line that the user's command printed. */
  line(text: string): void
  /** A line of our own. */
  say(text: string): void
  last(): readonly string[]
  close(): void
}

const lastKept = 200

export function openBuildLog(file: string, service: ServiceName, output: (line: LogLine) => void): BuildLog {
  const handle = openSync(file, 'a', 0o600)
  const last: string[] = []
  let isWritten = true
  const write = (stream: LogLine['stream'], text: string) => {
    const at = new Date().toISOString()
    // The file is a help for later. Where it cannot be written the build says itself that the disk is full, and must be heard.
    isWritten &&= appended(handle, `${at} ${text}\n`)
    output({ at, service, stream, text })
  }
  return {
    file,
    line(text) {
      last.push(text)
      if (last.length > lastKept) last.shift()
      write('build', text)
    },
    say: (text) => write('plimsoll', text),
    last: () => last,
    close: () => closeSync(handle),
  }
}

function appended(handle: number, text: string): boolean {
  try {
    writeSync(handle, text)
    return true
  } catch (error) {
    if (!isDiskFull(error)) throw error
    return false
  }
}
