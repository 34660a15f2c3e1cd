import { type AppName, type Artifact, artifactSchema, type ReleaseNumber } from '@plimsoll/model'
import { type Kysely, sql } from 'kysely'
import { z } from 'zod'
import type { Tables } from './tables.ts'

/** The build step of one release that came to its end. */
export interface PastBuild {
  readonly release: ReleaseNumber
  readonly beganAt: string
  readonly endedAt: string
  readonly artifacts: readonly Artifact[]
}

/** Of the newest `limit` releases that were built, newest first. A step that was begun again counts from its last beginning. */
export async function buildHistory(db: Kysely<Tables>, app: AppName, limit: number): Promise<readonly PastBuild[]> {
  const { rows } = await sql<{ release: ReleaseNumber; began_at: string; ended_at: string; artifacts: unknown }>`
    select done.release, done.entry->>'at' as ended_at, done.entry->'gives'->'artifacts' as artifacts,
      (select max(begun.entry->>'at') from plimsoll.journal begun
        where begun.app = done.app and begun.release = done.release and begun.seq < done.seq and begun.entry->>'step' = 'build' and begun.entry->>'is' = 'started') as began_at
    from plimsoll.journal done
    where done.app = ${app} and done.entry->>'step' = 'build' and done.entry->>'is' = 'done'
    order by done.release desc
    limit ${limit}`.execute(db)
  return rows.map(({ release, began_at, ended_at, artifacts }) => ({ release, beganAt: began_at, endedAt: ended_at, artifacts: Object.values(z.record(z.string(), artifactSchema).parse(artifacts)) }))
}
