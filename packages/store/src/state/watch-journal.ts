import { type AppName, isPlimsollError, type ReleaseNumber } from '@plimsoll/model'
import type { Kysely } from 'kysely'
import type { JournalBell, Subscription } from './journal-bell.ts'
import { entriesAfter, type NumberedEntry } from './journals.ts'
import type { Tables } from './tables.ts'

export interface Watched {
  readonly app: AppName
  readonly release: ReleaseNumber
  /** The number of the last entry that the watcher has seen; 0 for none. */
  readonly after: number
}

/**
 * Every entry after `after`, each once and in order, as they are written, until `until` fires or
 * the store is closed. Outlives a restart of the database: it goes on where it was.
 */
export async function* watchJournal({ db, bell }: { readonly db: Kysely<Tables>; readonly bell: JournalBell }, { app, release, after }: Watched, until: AbortSignal): AsyncGenerator<NumberedEntry, void, undefined> {
  const signal = AbortSignal.any([until, bell.closed])
  const subscription = bell.subscribe(`${app}/${release}`)
  let seen = after
  try {
    do {
      const entries = await readOrWait(() => entriesAfter(db, { app, release, after: seen }), subscription, signal)
      seen = entries.at(-1)?.seq ?? seen
      yield* entries
    } while (await subscription.next(signal))
  } finally {
    subscription.end()
  }
}

const retryMs = 500

async function readOrWait(read: () => Promise<readonly NumberedEntry[]>, subscription: Subscription, signal: AbortSignal): Promise<readonly NumberedEntry[]> {
  while (!signal.aborted) {
    try {
      return await read()
    } catch (error) {
      if (signal.aborted) return []
      if (!isPlimsollError(error) || error.code !== 'DATABASE_DOWN') throw error
      const retry = AbortSignal.any([signal, AbortSignal.timeout(retryMs)])
      await subscription.next(retry)
    }
  }
  return []
}
