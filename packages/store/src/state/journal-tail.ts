import { type AppName, isPlimsollError, type ReleaseNumber } from '@plimsoll/model'
import type { Kysely } from 'kysely'
import type { JournalBell, Subscription } from './journal-bell.ts'
import { entriesAfter, type NumberedEntry } from './journals.ts'
import type { Tables } from './tables.ts'

export interface TailParts {
  readonly db: Kysely<Tables>
  readonly bell: JournalBell
}

/** How many of the last entries are kept for those who read on: more than the steps of a release write. Whoever is further behind asks the database. */
const keptEntries = 500
const retryMs = 500

/** The end of one journal as it grows, read once for all who watch it: they hold nothing but the number of what they have seen. */
export class JournalTail {
  readonly #parts: TailParts
  readonly #key: { readonly app: AppName; readonly release: ReleaseNumber }
  readonly #subscription: Subscription
  readonly #stop = new AbortController()
  readonly #waiting = new Set<() => void>()
  #kept: NumberedEntry[] = []
  #last = 0
  #failure: { readonly error: unknown } | undefined

  constructor(parts: TailParts, key: { readonly app: AppName; readonly release: ReleaseNumber }) {
    this.#parts = parts
    this.#key = key
    this.#subscription = parts.bell.subscribe(`${key.app}/${key.release}`)
    void this.#follow()
  }

  /** Whether it cannot be read any more: whoever comes next begins another. */
  get hasFailed(): boolean {
    return this.#failure !== undefined
  }

  /** The entry after number `seen`; `later` when nobody has written it yet, `earlier` when it is not kept any more. Throws why the journal cannot be read. */
  next(seen: number): NumberedEntry | 'later' | 'earlier' {
    if (this.#failure !== undefined) throw this.#failure.error
    if (seen >= this.#last) return 'later'
    const first = this.#last - this.#kept.length + 1
    return this.#kept[seen + 1 - first] ?? 'earlier'
  }

  /** Resolves when there may be an entry after number `seen`, and at once when `signal` has fired or the journal is watched no more. */
  async grown(seen: number, signal: AbortSignal): Promise<void> {
    if (seen < this.#last || this.#failure !== undefined || signal.aborted || this.#stop.signal.aborted) return
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#waiting.add(wake)
      signal.addEventListener('abort', wake, { once: true })
    })
  }

  /** Twice is once. */
  close(): void {
    this.#stop.abort()
    this.#subscription.end()
  }

  async #follow(): Promise<void> {
    const signal = AbortSignal.any([this.#stop.signal, this.#parts.bell.closed])
    try {
      do {
        const entries = await readPatiently(() => entriesAfter(this.#parts.db, { ...this.#key, after: this.#last }), this.#subscription, signal)
        if (entries.length === 0) continue
        this.#last = entries.at(-1)?.seq ?? this.#last
        this.#kept = [...this.#kept, ...entries].slice(-keptEntries)
        this.#wakeAll()
      } while (await this.#subscription.next(signal))
    } catch (error) {
      this.#failure = { error }
    }
    this.close()
    this.#wakeAll()
  }

  #wakeAll(): void {
    for (const wake of this.#waiting) wake()
  }
}

/** What `read` gives, however long the database is away; nothing when `signal` fires. */
export async function readPatiently(read: () => Promise<readonly NumberedEntry[]>, subscription: Pick<Subscription, 'next'>, signal: AbortSignal): Promise<readonly NumberedEntry[]> {
  while (!signal.aborted) {
    try {
      return await read()
    } catch (error) {
      if (signal.aborted) return []
      if (!isPlimsollError(error) || error.code !== 'DATABASE_DOWN') throw error
      await subscription.next(AbortSignal.any([signal, AbortSignal.timeout(retryMs)]))
    }
  }
  return []
}
