import type { JournalEntry } from '@plimsoll/model'

/** What has happened to one release, oldest first. Durable and append-only. */
export interface Journal {
  read(): Promise<readonly JournalEntry[]>
  /**
   * Writes `entry` as number `seq` (counting from 1). Throws `FENCED_OFF` when that number
   * is taken, which means that another runner works on this release, or when the lease's fence has been passed.
   */
  append(seq: number, entry: JournalEntry): Promise<void>
}
