import { type AppName, type JournalEntry, journalEntrySchema, type Release, type ReleaseNumber } from '@plimsoll/model'
import { type Kysely, type Selectable, sql } from 'kysely'
import { releaseIn } from './releases.ts'
import type { ReleaseRow, Tables } from './tables.ts'

/** Names one release among those of all apps. */
export interface ReleaseKey {
  readonly app: AppName
  readonly release: ReleaseNumber
}

/** What is read of many releases in one question each, for whoever shows all apps at once. */
export interface ManyReleases {
  /** Those of them that there are, in no order. */
  find(keys: readonly ReleaseKey[]): Promise<readonly Release[]>
  /** The same, and besides of each of `apps` the newest release that is not under way, in no order: each once, as both are the same as a rule. */
  findAndLast(keys: readonly ReleaseKey[], apps: readonly AppName[]): Promise<readonly Release[]>
  /** How these `steps` of each release ended or began: its journal without all else, in order. Empty for a release that is not there. */
  stepsOf(keys: readonly ReleaseKey[], steps: readonly string[]): Promise<(key: ReleaseKey) => readonly JournalEntry[]>
}

export function manyReleasesIn(db: Kysely<Tables>): ManyReleases {
  return {
    async find(keys) {
      if (keys.length === 0) return []
      const { rows } = await sql<Selectable<ReleaseRow>>`select found.* from ${given(keys)} join plimsoll.releases as found on found.app = given.app and found.number = given.release`.execute(db)
      return rows.map(releaseIn)
    },
    async findAndLast(keys, apps) {
      if (keys.length === 0 && apps.length === 0) return []
      const { rows } = await sql<Selectable<ReleaseRow>>`
        with wanted as (
          select app, release from ${given(keys)} union
          select them.app, found.number from unnest(${apps}::text[]) as them (app)
          cross join lateral (select number from plimsoll.releases as own where own.app = them.app and own.state <> 'releasing' order by own.number desc limit 1) as found
        )
        select found.* from wanted cross join lateral (select * from plimsoll.releases as own where own.app = wanted.app and own.number = wanted.release limit 1) as found`.execute(db)
      return rows.map(releaseIn)
    },
    async stepsOf(keys, steps) {
      if (keys.length === 0) return () => []
      const { rows } = await sql<{ app: string; release: number; entry: unknown }>`
        select found.app, found.release, found.entry from ${given(keys)} join plimsoll.journal as found on found.app = given.app and found.release = given.release
        where found.entry->>'step' = any (${steps}::text[]) order by found.app, found.release, found.seq`.execute(db)
      const journals = Map.groupBy(rows, ({ app, release }) => `${app}/${release}`)
      return ({ app, release }) => (journals.get(`${app}/${release}`) ?? []).map(({ entry }) => journalEntrySchema.parse(entry))
    },
  }
}

/** The keys as a table: one question, however many they are. */
function given(keys: readonly ReleaseKey[]) {
  return sql`unnest(${keys.map(({ app }) => app)}::text[], ${keys.map(({ release }) => release)}::integer[]) as given (app, release)`
}
