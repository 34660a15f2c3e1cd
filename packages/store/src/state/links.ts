import type { Grant, Invitation } from '@plimsoll/model'
import type { Kysely } from 'kysely'
import { toJson } from './json.ts'
import type { LinkRow, Tables } from './tables.ts'
import { grantsIn } from './users.ts'

export interface NewLink {
  readonly id: string
  /** Of the code, which is not kept. */
  readonly hash: string
  /** Whom it invites; null for the owner of the machine. */
  readonly name: string | null
  readonly grants: readonly Grant[]
  readonly by: string
  readonly endsAt: string
}

/** What works once. */
export interface Links {
  add(link: NewLink): Promise<void>
  /** The link of that hash which still works at `at`. */
  find(hash: string, at: string): Promise<NewLink | undefined>
  /** The same, which does not work any more from now on: of two at once one gets it. */
  use(hash: string, at: string): Promise<NewLink | undefined>
  /** The invitations that still work. */
  invitations(at: string): Promise<readonly Invitation[]>
  /** Returns whether there was an invitation of that id. */
  remove(id: string): Promise<boolean>
}

const table = 'plimsoll.links' as const

export function linksIn(db: Kysely<Tables>): Links {
  return {
    async add({ id, hash, name, grants, by, endsAt }) {
      await db.insertInto(table).values({ id, hash, name, grants: toJson(grants), made_by: by, ends_at: endsAt }).execute()
    },
    async find(hash, at) {
      const row = await db.selectFrom(table).selectAll().where('hash', '=', hash).where('used_at', 'is', null).where('ends_at', '>', new Date(at)).executeTakeFirst()
      return row && linkOf(row)
    },
    async use(hash, at) {
      const row = await db.updateTable(table).set({ used_at: at }).where('hash', '=', hash).where('used_at', 'is', null).where('ends_at', '>', new Date(at)).returningAll().executeTakeFirst()
      return row && linkOf(row)
    },
    async invitations(at) {
      const rows = await db.selectFrom(table).selectAll().where('name', 'is not', null).where('used_at', 'is', null).where('ends_at', '>', new Date(at)).orderBy('name').execute()
      return rows.map(({ id, name, grants, made_by, ends_at }) => ({ id, name: name ?? '', grants: grantsIn(grants), by: made_by, endsAt: ends_at.toISOString() }))
    },
    async remove(id) {
      return (await db.deleteFrom(table).where('id', '=', id).where('name', 'is not', null).executeTakeFirst()).numDeletedRows > 0n
    },
  }
}

function linkOf({ id, hash, name, grants, made_by, ends_at }: LinkRow): NewLink {
  return { id, hash, name, grants: grantsIn(grants), by: made_by, endsAt: ends_at.toISOString() }
}
