import type { Grant } from '@plimsoll/model'
import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'
import { grantsIn } from './users.ts'

export interface KeptSession {
  readonly hash: string
  /** Null for the owner of the machine. */
  readonly user: { readonly id: string; readonly name: string; readonly grants: readonly Grant[] } | null
  readonly startedAt: string
  readonly seenAt: string
  readonly endsAt: string
}

export interface NewSession {
  readonly hash: string
  readonly userId: string | null
  readonly at: string
  readonly endsAt: string
}

/** Who has signed in. Those that are over are removed when a new one begins. */
export interface Sessions {
  begin(session: NewSession): Promise<void>
  /** The session of that hash, if it is not over at `at`, with its user as they are now. */
  find(hash: string, at: string): Promise<KeptSession | undefined>
  noteSeen(hash: string, seen: { readonly at: string; readonly endsAt: string }): Promise<void>
  end(hash: string): Promise<void>
  /** Of a user, but for that of `except`. */
  endAll(userId: string, except: string): Promise<void>
}

export function sessionsIn(db: Kysely<Tables>): Sessions {
  return {
    async begin({ hash, userId, at, endsAt }) {
      await db.deleteFrom('plimsoll.sessions').where('ends_at', '<', new Date(at)).execute()
      await db.insertInto('plimsoll.sessions').values({ hash, user_id: userId, started_at: at, seen_at: at, ends_at: endsAt }).execute()
    },
    async find(hash, at) {
      const row = await db.selectFrom('plimsoll.sessions as s').leftJoin('plimsoll.users as u', 'u.id', 's.user_id')
        .select(['s.hash', 's.started_at', 's.seen_at', 's.ends_at', 'u.id', 'u.name', 'u.grants']).where('s.hash', '=', hash).where('s.ends_at', '>', new Date(at)).executeTakeFirst()
      if (row === undefined) return undefined
      const { id, name, grants, started_at, seen_at, ends_at } = row
      return {
        hash, startedAt: started_at.toISOString(), seenAt: seen_at.toISOString(), endsAt: ends_at.toISOString(),
        user: id === null || name === null ? null : { id, name, grants: grantsIn(grants) },
      }
    },
    async noteSeen(hash, { at, endsAt }) {
      await db.updateTable('plimsoll.sessions').set({ seen_at: at, ends_at: endsAt }).where('hash', '=', hash).execute()
    },
    async end(hash) {
      await db.deleteFrom('plimsoll.sessions').where('hash', '=', hash).execute()
    },
    async endAll(userId, except) {
      await db.deleteFrom('plimsoll.sessions').where('user_id', '=', userId).where('hash', '!=', except).execute()
    },
  }
}
