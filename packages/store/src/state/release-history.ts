import type { AppName, ReleaseNumber } from '@plimsoll/model'
import { type Kysely, sql } from 'kysely'
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

/** The newest `limit` releases that have ended, newest first. */
export async function releaseHistory(db: Kysely<Tables>, app: AppName, limit: number): Promise<readonly PastRelease[]> {
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
