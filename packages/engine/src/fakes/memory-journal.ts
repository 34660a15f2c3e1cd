import { journalEntrySchema, PlimsollError, type JournalEntry } from '@plimsoll/model'
import type { Journal } from '../journal.ts'

export interface MemoryJournal extends Journal {
  /** All that was written, oldest first. */
  readonly entries: readonly JournalEntry[]
}

/** A journal of one release. Entries go through JSON, as they would in SQL: what is not plain data does not survive. */
export function memoryJournal(
  options: { readonly entries?: readonly JournalEntry[]; /** Asked before each append. */ readonly fencedOff?: () => boolean } = {},
): MemoryJournal {
  const entries: JournalEntry[] = [...(options.entries ?? [])]
  return {
    entries,
    read: async () => [...entries],
    append: async (seq, entry) => {
      if (options.fencedOff?.() === true) throw new PlimsollError('FENCED_OFF', 'Another runner holds a newer lease of this app')
      if (seq <= entries.length) throw new PlimsollError('FENCED_OFF', `Entry ${seq} of the journal is taken by another runner`)
      if (seq !== entries.length + 1) throw new RangeError(`Entry ${seq} would leave a gap after ${entries.length}`)
      entries.push(journalEntrySchema.parse(JSON.parse(JSON.stringify(entry))))
    },
  }
}
