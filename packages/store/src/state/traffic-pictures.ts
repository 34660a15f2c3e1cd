import { type KeptPicture, keptPictureSchema } from '@plimsoll/engine'
import type { AppName, ReleaseNumber } from '@plimsoll/model'
import { type Kysely, sql } from 'kysely'
import { toJson } from './json.ts'
import type { Tables } from './tables.ts'

/** How many of an app's newest releases keep their picture. */
export const keptPictures = 200

/** What users got while releases took over. */
export interface TrafficPictures {
  /** Writes down how far it is, in the place of what was written before, and forgets those of releases too old to keep theirs. Of a release that is gone nothing is kept. */
  put(key: { readonly app: AppName; readonly release: ReleaseNumber }, picture: KeptPicture): Promise<void>
  find(app: AppName, release: ReleaseNumber): Promise<KeptPicture | undefined>
}

export function trafficPicturesIn(db: Kysely<Tables>): TrafficPictures {
  const table = 'plimsoll.traffic_pictures' as const
  return {
    async put({ app, release }, picture) {
      await sql`
        insert into plimsoll.traffic_pictures (app, release, picture)
        select app, number, ${toJson(picture)}::jsonb from plimsoll.releases where app = ${app} and number = ${release}
        on conflict (app, release) do update set picture = excluded.picture
      `.execute(db)
      await db.deleteFrom(table).where('app', '=', app).where('release', '<=', release - keptPictures).execute()
    },
    async find(app, release) {
      const row = await db.selectFrom(table).select('picture').where('app', '=', app).where('release', '=', release).executeTakeFirst()
      // One that a Plimsoll of another form has written says nothing to this one.
      return row && keptPictureSchema.safeParse(row.picture).data
    },
  }
}
