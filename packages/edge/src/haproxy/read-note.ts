import { type AppName, appNameSchema } from '@plimsoll/model'

/** What HAProxy tells of a request that it answered without the edge. */
export interface Note {
  readonly app: AppName
  readonly service: string
  readonly release: number
  readonly status: number
  /** Until the head of the answer was there, and until its end. */
  readonly answeredMs: number
  readonly totalMs: number
  readonly bytes: number
  /** False when the answer did not arrive whole. */
  readonly whole: boolean
  /** How often an instance refused, was cut or did not answer. */
  readonly failures: number
  readonly client: string
  readonly upstream: string
  readonly method: string
  readonly id: string
  readonly path: string
}

const pattern = /^([^/\s]+)\/(\S+)@(\d+) (-?\d+) (-?\d+) (\d+) (\d+) (\S)(\S) \+?(\d+) (\S+) (\S+) (\S+) (\S+) "(.*)"$/

/** Undefined for a line that is none, such as one that HAProxy says about itself. */
export function readNote(line: string): Note | undefined {
  const found = pattern.exec(line.trim())
  if (found === null) return undefined
  const [, app = '', service = '', release, status, answered, total, bytes, cause = '', , retries, client = '', upstream = '', method = '', id = '', path = ''] = found
  const name = appNameSchema.safeParse(app)
  if (!name.success) return undefined
  return {
    app: name.data, service, release: Number(release), status: Math.max(0, Number(status)),
    answeredMs: Number(answered) < 0 ? Number(total) : Number(answered), totalMs: Number(total), bytes: Number(bytes),
    whole: cause === '-', failures: Number(retries) + (cause === 'S' || cause === 's' ? 1 : 0),
    client, upstream, method, id, path,
  }
}
