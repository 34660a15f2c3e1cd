import { isPlimsollError } from '@plimsoll/model'
import { endlessly, type DockerEngine } from '../docker-engine/docker-engine.ts'
import { engineDown } from '../docker-engine/engine-failure.ts'
import { printedLines, type PrintedLine } from '../docker-engine/log-frames.ts'

export interface LogQuestion {
  readonly id: string
  /** How many of the last lines; all unless given. */
  readonly tail?: number
  /** Only what was printed after this. */
  readonly after?: string | undefined
  /** Goes on until the container ends. */
  readonly follow: boolean
}

/** What one container printed, oldest first. Ends without a word when the container is gone, or when `signal` fires. */
export async function* readContainerLog(engine: DockerEngine, { id, tail, after, follow }: LogQuestion, signal: AbortSignal): AsyncGenerator<PrintedLine> {
  const query = { stdout: true, stderr: true, timestamps: true, follow, tail, since: after && sinceText(after) }
  try {
    // Of a log that has no line yet nothing is answered, not even that it is one.
    const log = await engine.stream({ path: `/containers/${id}/logs`, query, to: `read the log of the container ${id}`, also: [404, 409], patienceMs: endlessly }, signal)
    if (log.statusCode !== 200) return void log.resume()
    for await (const line of printedLines(log as AsyncIterable<Buffer>)) if (after === undefined || line.at > after) yield line
  } catch (error) {
    if (signal.aborted) return
    // Broken off in the middle: the engine went away.
    throw isPlimsollError(error) ? error : engineDown(engine.address, error)
  }
}

/** As the engine takes times: seconds since 1970, with all nine digits behind the point. */
function sinceText(at: string): string {
  const [second = '', fraction = '0'] = at.slice(0, -1).split('.')
  return `${Date.parse(`${second}Z`) / 1_000}.${fraction}`
}
