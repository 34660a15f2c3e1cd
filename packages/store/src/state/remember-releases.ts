import type { AppName, Release, ReleaseNumber } from '@plimsoll/model'
import { type Kysely, type RawBuilder, type Selectable, sql } from 'kysely'
import { forgetOldest } from './forget-oldest.ts'
import { releaseIn } from './releases.ts'
import type { ReleaseRow, Tables } from './tables.ts'

/** Names one release among those of all apps. */
export interface ReleaseKey {
  readonly app: AppName
  readonly release: ReleaseNumber
}

/** A row, and which form of it. */
export interface ReleaseVersion extends ReleaseKey {
  /** The transaction that wrote the row as it is (`xmin`): one that is changed, or made anew under the same number, has another (PostgreSQL's documentation, "System Columns"). */
  readonly version: string
}

/** More than a page of all apps shows: of each, what is live, what is warm, and what was tried last. */
const mostRemembered = 2_000

/**
 * Reads releases of which most were read before, and asks the database only for those that are new or were changed since, by whomever: most have ended long ago, and taking
 * their rows apart again is much of what a list of all apps costs. One that went meanwhile is left out. What it gives is shared by all who ask.
 */
export function rememberReleases(db: Kysely<Tables>): (wanted: readonly ReleaseVersion[]) => Promise<readonly Release[]> {
  const known = new Map<string, { readonly version: string; readonly release: Release }>()
  return async (wanted) => {
    const before = wanted.map((row) => {
      const same = known.get(nameOf(row))
      return same?.version === row.version ? same.release : undefined
    })
    const unread = wanted.filter((_, at) => before[at] === undefined)
    const fresh = await readRows(db, unread)
    for (const row of wanted) {
      const read = fresh.get(nameOf(row)) ?? known.get(nameOf(row))
      known.delete(nameOf(row))
      if (read !== undefined) known.set(nameOf(row), read)
    }
    forgetOldest(known, mostRemembered)
    return wanted.flatMap((row, at) => before[at] ?? fresh.get(nameOf(row))?.release ?? [])
  }
}

async function readRows(db: Kysely<Tables>, unread: readonly ReleaseKey[]): Promise<ReadonlyMap<string, { readonly version: string; readonly release: Release }>> {
  if (unread.length === 0) return new Map()
  const { rows } = await sql<Selectable<ReleaseRow> & { version: string }>`
    select found.* from ${releasesGiven(unread)}
    cross join lateral (select *, xmin::text as version from plimsoll.releases as own where own.app = given.app and own.number = given.release limit 1) as found`.execute(db)
  return new Map(rows.map((row) => {
    const release = releaseIn(row)
    return [nameOf({ app: release.app, release: release.number }), { version: row.version, release }]
  }))
}

function nameOf({ app, release }: ReleaseKey): string {
  return `${app}/${release}`
}

/** The keys as a table named `given`: one question, however many they are. */
export function releasesGiven(keys: readonly ReleaseKey[]): RawBuilder<unknown> {
  return sql`unnest(${keys.map(({ app }) => app)}::text[], ${keys.map(({ release }) => release)}::integer[]) as given (app, release)`
}
