import { grantSchema, PlimsollError, type Grant, type User } from '@plimsoll/model'
import { type Kysely, sql } from 'kysely'
import { z } from 'zod'
import { toJson } from './json.ts'
import type { Tables, UserRow } from './tables.ts'

export interface NewUser {
  readonly id: string
  readonly name: string
  /** Null for somebody who signs in elsewhere. */
  readonly passwordHash: string | null
  readonly grants: readonly Grant[]
  readonly at: string
}

/** Somebody as they are known, with what their password is held against. */
export interface KnownUser extends User {
  /** Undefined for somebody who has none. */
  readonly passwordHash: string | undefined
}

export interface Users {
  /** Throws `USAGE` when somebody is called so already. */
  add(user: NewUser): Promise<User>
  find(id: string): Promise<KnownUser | undefined>
  /** Without regard to capitals. */
  named(name: string): Promise<KnownUser | undefined>
  /** By name. */
  list(): Promise<readonly User[]>
  /** Undefined when there is nobody with that id. Throws `CHANGED_MEANWHILE` when it is not `version` any more. */
  setGrants(change: { readonly id: string; readonly grants: readonly Grant[]; readonly version: number }): Promise<User | undefined>
  setPassword(id: string, passwordHash: string): Promise<void>
  noteSeen(id: string, at: string): Promise<void>
  /** With their sessions and tokens. Returns whether there was somebody. */
  remove(id: string): Promise<boolean>
}

const table = 'plimsoll.users' as const

export function usersIn(db: Kysely<Tables>): Users {
  const known = () => db.selectFrom(table).selectAll()
  const find = async (id: string) => {
    const row = await known().where('id', '=', id).executeTakeFirst()
    return row && knownUser(row)
  }
  return {
    find,
    async add({ id, name, passwordHash, grants, at }) {
      const row = { id, name, name_key: keyOf(name), password_hash: passwordHash, grants: toJson(grants), created_at: at }
      const made = await db.insertInto(table).values(row).onConflict((it) => it.column('name_key').doNothing()).returningAll().executeTakeFirst()
      if (made === undefined) throw new PlimsollError('USAGE', `There is somebody called ${name} already`, { hint: 'Choose another name.' })
      return userOf(made)
    },
    async named(name) {
      const row = await known().where('name_key', '=', keyOf(name)).executeTakeFirst()
      return row && knownUser(row)
    },
    list: async () => (await known().orderBy('name_key').execute()).map(userOf),
    async setGrants({ id, grants, version }) {
      const row = await db.updateTable(table).set({ grants: toJson(grants), version: sql`version + 1` }).where('id', '=', id).where('version', '=', version).returningAll().executeTakeFirst()
      if (row !== undefined) return userOf(row)
      if ((await find(id)) === undefined) return undefined
      throw new PlimsollError('CHANGED_MEANWHILE', 'Somebody else has changed what this user may do', { hint: 'Look at it again, and change what is still to be changed.' })
    },
    async setPassword(id, passwordHash) {
      await db.updateTable(table).set({ password_hash: passwordHash }).where('id', '=', id).execute()
    },
    async noteSeen(id, at) {
      await db.updateTable(table).set({ seen_at: at }).where('id', '=', id).execute()
    },
    async remove(id) {
      return (await db.deleteFrom(table).where('id', '=', id).executeTakeFirst()).numDeletedRows > 0n
    },
  }
}

function keyOf(name: string): string {
  return name.normalize('NFKC').toLowerCase()
}

function userOf({ id, name, grants, created_at, seen_at, version }: UserRow): User {
  return { id, name, grants: grantsIn(grants), createdAt: created_at.toISOString(), seenAt: seen_at?.toISOString() ?? null, version }
}

function knownUser(row: UserRow): KnownUser {
  return { ...userOf(row), passwordHash: row.password_hash ?? undefined }
}

export function grantsIn(value: unknown): Grant[] {
  return z.array(grantSchema).parse(value)
}
