import { setTimeout as sleep } from 'node:timers/promises'
import type { AppName, ReleaseNumber } from '@plimsoll/model'
import { JournalTail, readPatiently, type TailParts } from './journal-tail.ts'
import { entriesAfter, type NumberedEntry } from './journals.ts'

export interface Watched {
  readonly app: AppName
  readonly release: ReleaseNumber
  /** The number of the last entry that the watcher has seen; 0 for none. */
  readonly after: number
}

/** Watches journals, each with one question to the database for all who watch it. */
export interface JournalWatches {
  /**
   * Every entry after `after`, each once and in order, as they are written, until `until` fires or
   * the store is closed. Outlives a restart of the database: it goes on where it was. A watcher that is slow
   * holds one entry, and finds what it has missed in the database.
   */
  watch(watched: Watched, until: AbortSignal): AsyncGenerator<NumberedEntry, void, undefined>
}

/** How many entries are read at a time by whoever is far behind. */
const pageSize = 100

export function journalWatches(parts: TailParts): JournalWatches {
  const tails = new Map<string, { readonly tail: JournalTail; readers: number }>()

  function join(key: string, { app, release }: Watched): JournalTail {
    const open = tails.get(key) ?? { tail: new JournalTail(parts, { app, release }), readers: 0 }
    open.readers += 1
    tails.set(key, open)
    return open.tail
  }

  /** The last one to leave closes it. */
  function leave(key: string, tail: JournalTail): void {
    const open = tails.get(key)
    if (open?.tail !== tail) return
    open.readers -= 1
    if (open.readers > 0 && !tail.hasFailed) return
    tails.delete(key)
    tail.close()
  }

  return {
    async *watch(watched, until) {
      const { app, release, after } = watched
      const key = `${app}/${release}`
      const signal = AbortSignal.any([until, parts.bell.closed])
      const tail = join(key, watched)
      let seen = after
      try {
        while (!signal.aborted) {
          const next = tail.next(seen)
          if (next === 'later') {
            await tail.grown(seen, signal)
            continue
          }
          const entries = next === 'earlier' ? await readPatiently(() => entriesAfter(parts.db, { app, release, after: seen, limit: pageSize }), waiting, signal) : [next]
          for (const entry of entries) {
            seen = entry.seq
            yield entry
          }
        }
      } finally {
        leave(key, tail)
      }
    },
  }
}

/** Whoever reads on their own hears no bell. */
const waiting = {
  // Aborted is how the wait ends.
  next: (signal: AbortSignal) => sleep(60_000, true, { signal }).catch(() => false),
}
