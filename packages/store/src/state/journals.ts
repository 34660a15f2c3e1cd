import type { Journal } from '@plimsoll/engine'
import { type AppName, type JournalEntry, journalEntrySchema, PlimsollError, type ReleaseNumber } from '@plimsoll/model'
import { type Kysely, sql } from 'kysely'
import { codeOf } from '../postgres/code-of.ts'
import { toJson } from './json.ts'
import type { Tables } from './tables.ts'

export interface NumberedEntry {
  readonly seq: number
  readonly entry: JournalEntry
}

/** The journal of one release, for whoever holds `fence`. */
export function journalIn(db: Kysely<Tables>, key: { readonly app: AppName; readonly release: ReleaseNumber; readonly fence: number }): Journal {
  return {
    async read() {
      return (await entriesAfter(db, { ...key, after: 0 })).map(({ entry }) => entry)
    },
    async append(seq, entry) {
      if (!(await insertEntry(db, { ...key, seq, entry }))) throw await refusal(db, { ...key, seq })
    },
  }
}

/** What was written after number `after`, in order, at most `limit` where that is given. */
export async function entriesAfter(db: Kysely<Tables>, key: { readonly app: AppName; readonly release: ReleaseNumber; readonly after: number; readonly limit?: number }): Promise<readonly NumberedEntry[]> {
  const rows = await db
    .selectFrom('plimsoll.journal')
    .select(['seq', 'entry'])
    .where('app', '=', key.app)
    .where('release', '=', key.release)
    .where('seq', '>', key.after)
    .orderBy('seq')
    .$if(key.limit !== undefined, (query) => query.limit(key.limit ?? 0))
    .execute()
  return rows.map(({ seq, entry }) => ({ seq, entry: journalEntrySchema.parse(entry) }))
}

interface Append {
  readonly app: AppName
  readonly release: ReleaseNumber
  readonly fence: number
  readonly seq: number
  readonly entry: JournalEntry
}

/**
 * Writes only if the fence still stands and the entry before is there. The shared lock on the fence
 * makes a new lease wait for this entry, or this entry see the new lease.
 */
async function insertEntry(db: Kysely<Tables>, { app, release, fence, seq, entry }: Append): Promise<boolean> {
  try {
    const { numAffectedRows } = await sql`
      with held as (select from plimsoll.counters where app = ${app} and fence = ${fence} for share)
      insert into plimsoll.journal (app, release, seq, fence, entry)
      select ${app}, ${release}, ${seq}::integer, ${fence}, ${toJson(entry)}::jsonb from held
      where ${seq}::integer = 1 or exists (select from plimsoll.journal where app = ${app} and release = ${release} and seq = ${seq}::integer - 1)
    `.execute(db)
    return numAffectedRows === 1n
  } catch (error) {
    if (codeOf(error) === '23505') return false // unique_violation: the number is taken.
    throw error
  }
}

async function refusal(db: Kysely<Tables>, { app, release, fence, seq }: Omit<Append, 'entry'>): Promise<Error> {
  const row = await db.selectFrom('plimsoll.counters').select(['fence', 'holder']).where('app', '=', app).executeTakeFirst()
  const written = await db.selectFrom('plimsoll.journal').select('fence').where('app', '=', app).where('release', '=', release).where('seq', '=', seq).executeTakeFirst()
  if (row?.fence === fence && written === undefined) return new Error(`entry ${seq} of ${app} release ${release} would leave a gap`)
  return new PlimsollError('FENCED_OFF', `Another runner has taken over release ${release} of ${app}; entry ${seq} was not written`, {
    hint: `See who: plimsoll status --app ${app}`,
    details: { fence, currentFence: row?.fence ?? 0, ...(typeof row?.holder === 'string' && { holder: row.holder }) },
  })
}
