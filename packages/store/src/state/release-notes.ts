import { type AppName, PlimsollError, type ReleaseNote, type ReleaseNumber, releaseNoteSchema } from '@plimsoll/model'
import { type Kysely, sql } from 'kysely'
import { toJson } from './json.ts'
import type { Tables } from './tables.ts'

/** What was written down of releases when they were held against what was live. */
export interface ReleaseNotes {
  /** Twice is once; another one takes its place. Throws `FENCED_OFF` when the lease behind `fence` was passed. */
  put(key: { readonly app: AppName; readonly release: ReleaseNumber; readonly fence: number }, note: ReleaseNote): Promise<void>
  /** Undefined for a release that never came so far, or that a Plimsoll of another form has made. */
  find(app: AppName, release: ReleaseNumber): Promise<ReleaseNote | undefined>
}

export function releaseNotesIn(db: Kysely<Tables>): ReleaseNotes {
  return {
    async put({ app, release, fence }, note) {
      const { numAffectedRows } = await sql`
        with held as (select from plimsoll.counters where app = ${app} and fence = ${fence} for share)
        insert into plimsoll.release_notes (app, release, note)
        select ${app}, ${release}, ${toJson(note)}::jsonb from held
        on conflict (app, release) do update set note = excluded.note
      `.execute(db)
      if (numAffectedRows === 1n) return
      throw new PlimsollError('FENCED_OFF', `Another runner has taken over ${app}; nothing was noted of release ${release}`, { hint: `See who: plimsoll status --app ${app}` })
    },
    async find(app, release) {
      const row = await db.selectFrom('plimsoll.release_notes').select('note').where('app', '=', app).where('release', '=', release).executeTakeFirst()
      return row === undefined ? undefined : releaseNoteSchema.safeParse(row.note).data
    },
  }
}
