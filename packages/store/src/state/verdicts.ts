import { type AppName, type ReleaseNumber, type Verdict, verdictSchema } from '@plimsoll/model'
import type { Kysely } from 'kysely'
import { toJson } from './json.ts'
import type { Tables } from './tables.ts'

/** The answers that a release's checks gave. */
export interface Verdicts {
  /** Puts these in place of the release's earlier ones, so that a check which is asked again does not count twice. */
  replace(app: AppName, release: ReleaseNumber, verdicts: readonly Verdict[]): Promise<void>
  /** In the order in which they were given. */
  of(app: AppName, release: ReleaseNumber): Promise<readonly Verdict[]>
}

export function verdictsIn(db: Kysely<Tables>): Verdicts {
  return {
    async replace(app, release, verdicts) {
      const rows = verdicts.map((verdict, position) => ({ app, release, position, verdict: toJson(verdict) }))
      await db.transaction().execute(async (tx) => {
        // Writers take turns; the second one's answers stand.
        await tx.selectFrom('plimsoll.releases').select('number').where('app', '=', app).where('number', '=', release).forUpdate().execute()
        await tx.deleteFrom('plimsoll.verdicts').where('app', '=', app).where('release', '=', release).execute()
        if (rows.length > 0) await tx.insertInto('plimsoll.verdicts').values(rows).execute()
      })
    },
    async of(app, release) {
      const rows = await db.selectFrom('plimsoll.verdicts').select('verdict').where('app', '=', app).where('release', '=', release).orderBy('position').execute()
      return rows.map(({ verdict }) => verdictSchema.parse(verdict))
    },
  }
}
