import type { AppName, ReleaseNumber } from '@plimsoll/model'
import { type Kysely, sql } from 'kysely'
import { forgetOldest } from './forget-oldest.ts'
import { type BriefRelease, briefReleases } from './releases.ts'
import type { Tables } from './tables.ts'

/** A release that has ended, without its list of steps, and what its journal says of how it went. */
export interface PastRelease {
  readonly release: BriefRelease
  /** How long its build step took, if it came to its end, and whether anything was built anew in it. */
  readonly build: { readonly ms: number; readonly fresh: boolean } | undefined
  /** When all of its traffic was switched. */
  readonly switchedAt: string | undefined
  /** Requests that were cut when an earlier release was retired after it; undefined where nobody has counted. */
  readonly cutRequests: number | undefined
}

/** Each of some hundred releases. */
const mostRemembered = 8

/**
 * Gives the newest `limit` releases of an app that have ended, newest first. What was read before is given again for as long as none of them was changed, by whomever: the row of a release is
 * written last, after all that its journal says of it. What it gives is shared by all who ask.
 */
export function rememberHistory(db: Kysely<Tables>): (app: AppName, limit: number) => Promise<readonly PastRelease[]> {
  const known = new Map<string, { readonly versions: string; readonly history: readonly PastRelease[] }>()
  return async (app, limit) => {
    const key = `${app}/${limit}`
    const versions = await versionsOf(db, app, limit)
    const before = known.get(key)
    const history = before?.versions === versions ? before.history : await readHistory(db, app, limit)
    known.delete(key)
    known.set(key, { versions, history })
    forgetOldest(known, mostRemembered)
    return history
  }
}

/** Which releases those are, and which transaction wrote each as it is. */
async function versionsOf(db: Kysely<Tables>, app: AppName, limit: number): Promise<string> {
  const { rows } = await sql<{ versions: string | null }>`
    select string_agg(number || ':' || version, ' ') as versions
    from (select number, xmin::text as version from plimsoll.releases where app = ${app} and outcome is not null order by number desc limit ${limit}) as newest`.execute(db)
  return rows[0]?.versions ?? ''
}

async function readHistory(db: Kysely<Tables>, app: AppName, limit: number): Promise<readonly PastRelease[]> {
  const releases = await briefReleases(db, { app, ended: true, limit })
  const oldest = releases.at(-1)?.number
  if (oldest === undefined) return []
  const told = new Map((await journalOf(db, app, oldest)).map((each) => [each.release, each]))
  return releases.map((release) => {
    const { build_ms = null, fresh = null, switched_at = null, cut_requests = null } = told.get(release.number) ?? {}
    return {
      release, build: build_ms === null ? undefined : { ms: Number(build_ms), fresh: fresh === true },
      switchedAt: switched_at ?? undefined, cutRequests: cut_requests === null ? undefined : Number(cut_requests),
    }
  })
}

interface Told {
  readonly release: ReleaseNumber
  readonly build_ms: string | null
  readonly fresh: boolean | null
  readonly switched_at: string | null
  readonly cut_requests: string | null
}

/**
 * One row for each of the newest releases, of the few steps that matter here. A step that was begun again counts from its last beginning. What is asked of an entry is
 * taken out of it once, as the database would else unpack what a build gave for each word that it looks for.
 */
async function journalOf(db: Kysely<Tables>, app: AppName, oldest: ReleaseNumber): Promise<readonly Told[]> {
  const { rows } = await sql<Told>`
    with told as materialized (
      select release, step, "is" as state, at, gives->>'cutRequests' as cut_requests,
        case when step = 'build' and "is" = 'done' then jsonb_path_exists(gives, '$.artifacts.*.fresh ? (@ == true)') end as fresh
      from plimsoll.journal cross join lateral jsonb_to_record(entry) as told (step text, "is" text, at text, gives jsonb)
      where app = ${app} and release >= ${oldest} and entry->>'step' in ('build', 'shift-traffic', 'shift-back', 'retire-previous')
    )
    select release,
      extract(epoch from max(at::timestamptz) filter (where step = 'build' and state = 'done') - max(at::timestamptz) filter (where step = 'build' and state = 'started')) * 1000 as build_ms,
      bool_or(fresh) as fresh,
      max(at) filter (where step in ('shift-traffic', 'shift-back') and state = 'done') as switched_at,
      max(cut_requests) filter (where step = 'retire-previous' and state = 'done') as cut_requests
    from told group by release`.execute(db)
  return rows
}
