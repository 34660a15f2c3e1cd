import { type Kysely, sql } from 'kysely'
import type { Tables } from './tables.ts'

/** How often something was tried, within a time that begins with the first try. */
export interface TriedSoFar {
  readonly points: number
  readonly endsAt: string
}

export interface Trying {
  readonly key: string
  readonly points: number
  readonly at: string
  /** When the time of a count that begins now is over. */
  readonly endsAt: string
  /** Begins a count of its own, whatever was counted. */
  readonly anew: boolean
}

/** Counts attempts, for all Plimsolls that share this state. */
export interface AttemptCounts {
  /** Adds `points` to what was counted, or begins anew when its time is over, and gives the sum. */
  add(trying: Trying): Promise<TriedSoFar>
  find(key: string, at: string): Promise<TriedSoFar | undefined>
  /** Returns whether there was something to forget. */
  forget(key: string): Promise<boolean>
}

const table = 'plimsoll.attempts' as const

export function attemptCountsIn(db: Kysely<Tables>): AttemptCounts {
  return {
    async add({ key, points, at, endsAt, anew }) {
      await db.deleteFrom(table).where('ends_at', '<=', new Date(at)).execute()
      const begins = anew ? sql<boolean>`true` : sql<boolean>`attempts.ends_at <= ${at}::timestamptz`
      const row = await db.insertInto(table).values({ key, points, ends_at: endsAt })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({
          points: sql`case when ${begins} then excluded.points else attempts.points + excluded.points end`,
          ends_at: sql`case when ${begins} then excluded.ends_at else attempts.ends_at end`,
        }))
        .returning(['points', 'ends_at']).executeTakeFirstOrThrow()
      return { points: row.points, endsAt: row.ends_at.toISOString() }
    },
    async find(key, at) {
      const row = await db.selectFrom(table).select(['points', 'ends_at']).where('key', '=', key).where('ends_at', '>', new Date(at)).executeTakeFirst()
      return row && { points: row.points, endsAt: row.ends_at.toISOString() }
    },
    async forget(key) {
      return (await db.deleteFrom(table).where('key', '=', key).executeTakeFirst()).numDeletedRows > 0n
    },
  }
}
