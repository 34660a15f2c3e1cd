import { setTimeout as sleep } from 'node:timers/promises'
import { isPlimsollError } from '@plimsoll/model'
import { codeOf } from '../postgres/code-of.ts'
import type { Connection } from '../postgres/own-connection.ts'

export interface Patience {
  readonly everyMs: number
  /** For a server that does not answer: the embedded one is started again within a second or two after it died. */
  readonly absentMs: number
  /** For a server that answers that it is not ready yet (SQLSTATE 57P03): it repairs what was open, and on a busy machine that takes its time. */
  readonly startingMs: number
}

const own: Patience = { everyMs: 50, absentMs: 5_000, startingMs: 60_000 }

/**
 * Does `connect` again for as long as the embedded server may be about to come back. Another one is asked
 * once: it is not for Plimsoll to know when it comes. Throws what the last try threw.
 */
export async function patiently<T>(connection: Connection, connect: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  return connection.host?.startsWith('/') === true ? repeatedly(connect, own, signal) : connect()
}

/** Does `connect` again while its failure says that the database is down, within `patience`. */
export async function repeatedly<T>(connect: () => Promise<T>, { everyMs, absentMs, startingMs }: Patience, signal?: AbortSignal): Promise<T> {
  const since = performance.now()
  for (;;) {
    try {
      return await connect()
    } catch (error) {
      if (!isPlimsollError(error) || error.code !== 'DATABASE_DOWN') throw error
      if (performance.now() - since >= (codeOf(error.cause) === '57P03' ? startingMs : absentMs)) throw error
      await sleep(everyMs, undefined, signal === undefined ? {} : { signal })
    }
  }
}
