import { type AppName, type JournalEntry, journalEntrySchema, type Release } from '@plimsoll/model'
import { type Kysely, type Selectable, sql } from 'kysely'
import { type ReleaseKey, type ReleaseVersion, releasesGiven, rememberReleases } from './remember-releases.ts'
import { releaseIn } from './releases.ts'
import type { ReleaseRow, Tables } from './tables.ts'

/** What is read of many releases in one question each, for whoever shows all apps at once. */
export interface ManyReleases {
  /** Those of them that there are, in no order. */
  find(keys: readonly ReleaseKey[]): Promise<readonly Release[]>
  /** The same, and besides of each of `apps` the newest release that is not under way, in no order: each once, as both are the same as a rule. What did not change since it was last asked for is not read again. */
  findAndLast(keys: readonly ReleaseKey[], apps: readonly AppName[]): Promise<readonly Release[]>
  /** How these `steps` of each release ended or began: its journal without all else, in order. Empty for a release that is not there. */
  stepsOf(keys: readonly ReleaseKey[], steps: readonly string[]): Promise<(key: ReleaseKey) => readonly JournalEntry[]>
}

export function manyReleasesIn(db: Kysely<Tables>): ManyReleases {
  const read = rememberReleases(db)
  return {
    async find(keys) {
      if (keys.length === 0) return []
      const { rows } = await sql<Selectable<ReleaseRow>>`select found.* from ${releasesGiven(keys)} join plimsoll.releases as found on found.app = given.app and found.number = given.release`.execute(db)
      return rows.map(releaseIn)
    },
    async findAndLast(keys, apps) {
      if (keys.length === 0 && apps.length === 0) return []
      const { rows } = await sql<ReleaseVersion>`
        with wanted as (
          select app, release from ${releasesGiven(keys)} union
          select them.app, found.number from unnest(${apps}::text[]) as them (app)
          cross join lateral (select number from plimsoll.releases as own where own.app = them.app and own.state <> 'releasing' order by own.number desc limit 1) as found
        )
        select wanted.app, wanted.release, found.version from wanted
        cross join lateral (select xmin::text as version from plimsoll.releases as own where own.app = wanted.app and own.number = wanted.release limit 1) as found`.execute(db)
      return read(rows)
    },
    async stepsOf(keys, steps) {
      if (keys.length === 0) return () => []
      const { rows } = await sql<{ app: string; release: number; entry: unknown }>`
        select found.app, found.release, found.entry from ${releasesGiven(keys)} join plimsoll.journal as found on found.app = given.app and found.release = given.release
        where found.entry->>'step' = any (${steps}::text[]) order by found.app, found.release, found.seq`.execute(db)
      const journals = Map.groupBy(rows, ({ app, release }) => `${app}/${release}`)
      return ({ app, release }) => (journals.get(`${app}/${release}`) ?? []).map(({ entry }) => journalEntrySchema.parse(entry))
    },
  }
}
