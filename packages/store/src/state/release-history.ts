import type { AppName, Release, ReleaseNumber } from '@plimsoll/model'
import { type Kysely, sql } from 'kysely'
import { releasesOf } from './releases.ts'
import type { Tables } from './tables.ts'

/** A release that has ended, and what its journal says of how it went. */
export interface PastRelease {
  readonly release: Release
  /** How long its build step took, if it came to its end, and whether anything was built anew in it. */
  readonly build: { readonly ms: number; readonly fresh: boolean } | undefined
  /** When all of its traffic was switched. */
  readonly switchedAt: string | undefined
  /** Requests that were cut when an earlier release was retired after it; undefined where nobody has counted. */
  readonly cutRequests: number | undefined
}

/** The newest `limit` releases that have ended, newest first. */
export async function releaseHistory(db: Kysely<Tables>, app: AppName, limit: number): Promise<readonly PastRelease[]> {
  const releases = await releasesOf(db, app, limit)
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

/** One row for each release, of the few steps that matter here. A step that was begun again counts from its last beginning. */
async function journalOf(db: Kysely<Tables>, app: AppName, oldest: ReleaseNumber): Promise<readonly Told[]> {
  const { rows } = await sql<Told>`
    select release,
      extract(epoch from max((entry->>'at')::timestamptz) filter (where entry->>'step' = 'build' and entry->>'is' = 'done')
        - max((entry->>'at')::timestamptz) filter (where entry->>'step' = 'build' and entry->>'is' = 'started')) * 1000 as build_ms,
      bool_or(jsonb_path_exists(entry, '$.gives.artifacts.*.fresh ? (@ == true)')) filter (where entry->>'step' = 'build' and entry->>'is' = 'done') as fresh,
      max(entry->>'at') filter (where entry->>'step' in ('shift-traffic', 'shift-back') and entry->>'is' = 'done') as switched_at,
      max(entry->'gives'->>'cutRequests') filter (where entry->>'step' = 'retire-previous' and entry->>'is' = 'done') as cut_requests
    from plimsoll.journal
    where app = ${app} and release >= ${oldest} and entry->>'step' in ('build', 'shift-traffic', 'shift-back', 'retire-previous')
    group by release`.execute(db)
  return rows
}
