import type { Grant, Token } from '@plimsoll/model'
import type { Kysely } from 'kysely'
import { toJson } from './json.ts'
import type { Tables } from './tables.ts'
import { grantsIn } from './users.ts'

export interface NewToken {
  readonly id: string
  /** Of the token, which is not kept. */
  readonly hash: string
  readonly name: string
  readonly grants: readonly Grant[]
  /** Null for the owner of the machine. */
  readonly userId: string | null
  readonly at: string
  readonly endsAt: string
}

/** A token with whose it is, as they are now. */
export interface KeptToken extends Token {
  readonly user: { readonly id: string; readonly name: string; readonly grants: readonly Grant[] } | null
}

export interface Tokens {
  add(token: NewToken): Promise<void>
  /** The token of that hash, if it is not over at `at`. */
  find(hash: string, at: string): Promise<KeptToken | undefined>
  /** By name, those that are over too. */
  list(): Promise<readonly KeptToken[]>
  noteSeen(id: string, at: string): Promise<void>
  /** Returns whether there was one. */
  remove(id: string): Promise<boolean>
}

export function tokensIn(db: Kysely<Tables>): Tokens {
  const known = () => db.selectFrom('plimsoll.tokens as t').leftJoin('plimsoll.users as u', 'u.id', 't.user_id')
    .select(['t.id', 't.name', 't.grants', 't.created_at', 't.ends_at', 't.seen_at', 't.user_id', 'u.name as user_name', 'u.grants as user_grants'])
  return {
    async add({ id, hash, name, grants, userId, at, endsAt }) {
      await db.insertInto('plimsoll.tokens').values({ id, hash, name, grants: toJson(grants), user_id: userId, created_at: at, ends_at: endsAt }).execute()
    },
    async find(hash, at) {
      const row = await known().where('t.hash', '=', hash).where('t.ends_at', '>', new Date(at)).executeTakeFirst()
      return row && tokenOf(row)
    },
    list: async () => (await known().orderBy('t.name').orderBy('t.created_at').execute()).map(tokenOf),
    async noteSeen(id, at) {
      await db.updateTable('plimsoll.tokens').set({ seen_at: at }).where('id', '=', id).execute()
    },
    async remove(id) {
      return (await db.deleteFrom('plimsoll.tokens').where('id', '=', id).executeTakeFirst()).numDeletedRows > 0n
    },
  }
}

interface Row {
  readonly id: string
  readonly name: string
  readonly grants: unknown
  readonly created_at: Date
  readonly ends_at: Date
  readonly seen_at: Date | null
  readonly user_id: string | null
  readonly user_name: string | null
  readonly user_grants: unknown
}

function tokenOf({ id, name, grants, created_at, ends_at, seen_at, user_id, user_name, user_grants }: Row): KeptToken {
  return {
    id, name, grants: grantsIn(grants), by: user_name ?? 'owner', createdAt: created_at.toISOString(), endsAt: ends_at.toISOString(), seenAt: seen_at?.toISOString() ?? null,
    user: user_id === null ? null : { id: user_id, name: user_name ?? '', grants: grantsIn(user_grants) },
  }
}
