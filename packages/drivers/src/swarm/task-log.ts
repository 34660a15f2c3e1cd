import { isPlimsollError } from '@plimsoll/model'
import { endlessly, type DockerEngine } from '../docker-engine/docker-engine.ts'
import { engineDown } from '../docker-engine/engine-failure.ts'
import { printedLines, type PrintedLine } from '../docker-engine/log-frames.ts'

export interface TaskLogQuestion {
  readonly id: string
  /** How many of the last lines; all unless given. */
  readonly tail?: number
  /** Only what was printed after this. */
  readonly after?: string | undefined
  /** Goes on until `signal` ends it: a cluster does not say that a task prints no more. */
  readonly follow: boolean
}

/** For a task whose machine is away, or whose container was never made, the cluster would wait. */
const readMs = 10_000

/** What one task printed, oldest first, from whichever machine it is on. Ends without a word when the task is gone, when its machine does not answer, or when `signal` fires. */
export async function* readTaskLog(managers: DockerEngine, { id, tail, after, follow }: TaskLogQuestion, signal: AbortSignal): AsyncGenerator<PrintedLine> {
  const enough = follow ? signal : AbortSignal.any([signal, AbortSignal.timeout(readMs)])
  try {
    const query = { stdout: true, stderr: true, timestamps: true, follow, tail: tail ?? 'all' }
    const log = await managers.stream({ path: `/tasks/${id}/logs`, query, to: `read the log of the task ${id}`, also: [404, 500], patienceMs: endlessly }, enough)
    if (log.statusCode !== 200) return void log.resume()
    for await (const line of printedLines(log as AsyncIterable<Buffer>)) if (after === undefined || line.at > after) yield line
  } catch (error) {
    if (enough.aborted) return
    // Broken off in the middle: the manager went away.
    throw isPlimsollError(error) ? error : engineDown(managers.address, error)
  }
}
