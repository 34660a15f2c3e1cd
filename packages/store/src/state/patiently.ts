import { setTimeout as sleep } from 'node:timers/promises'
import { isPlimsollError } from '@plimsoll/model'
import type { Connection } from '../postgres/own-connection.ts'

const everyMs = 50
/** The embedded server is started again within a second or two after it died, and then repairs what was open. */
const ownPatienceMs = 5_000

/**
 * Does `connect` again for as long as the embedded server may be about to come back. Another one is asked
 * once: it is not for Plimsoll to know when it comes. Throws what the last try threw.
 */
export async function patiently<T>(connection: Connection, connect: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const patienceMs = connection.host?.startsWith('/') === true ? ownPatienceMs : 0
  const deadline = performance.now() + patienceMs
  for (;;) {
    try {
      return await connect()
    } catch (error) {
      if (!isPlimsollError(error) || error.code !== 'DATABASE_DOWN' || performance.now() >= deadline) throw error
      await sleep(everyMs, undefined, signal === undefined ? {} : { signal })
    }
  }
}
