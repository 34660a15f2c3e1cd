import type { User } from '@plimsoll/model'
import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'
import { usersIn, type NewUser } from './users.ts'

/** By what a provider knows somebody. */
export interface Identity {
  readonly issuer: string
  /** The provider's own name for them, for ever. */
  readonly subject: string
}

export interface KnownIdentity extends Identity {
  readonly userId: string
  /** What they may do follows from their groups there. */
  readonly byGroup: boolean
}

/** Which users are whom at a provider: one person there is one user here. */
export interface Identities {
  find(identity: Identity): Promise<KnownIdentity | undefined>
  /** Makes a user of somebody, known by `identity` from the first moment on. Throws `USAGE` when somebody is called so, or known by it, already: then there is no new user. */
  join(user: NewUser, identity: Omit<KnownIdentity, 'userId'>): Promise<User>
  /** Lets a user be known by `identity`, and by no other of the same issuer. */
  link(identity: KnownIdentity & { readonly at: string }): Promise<void>
}

const table = 'plimsoll.identities' as const

export function identitiesIn(db: Kysely<Tables>): Identities {
  return {
    async find({ issuer, subject }) {
      const row = await db.selectFrom(table).selectAll().where('issuer', '=', issuer).where('subject', '=', subject).executeTakeFirst()
      return row && { issuer, subject, userId: row.user_id, byGroup: row.by_group }
    },
    join: (user, identity) => db.transaction().execute(async (tx) => {
      const made = await usersIn(tx).add(user)
      await add(tx, { ...identity, userId: made.id, at: user.at })
      return made
    }),
    link: (identity) => db.transaction().execute(async (tx) => {
      await tx.deleteFrom(table).where('issuer', '=', identity.issuer).where('user_id', '=', identity.userId).execute()
      await add(tx, identity)
    }),
  }
}

async function add(db: Kysely<Tables>, { issuer, subject, userId, byGroup, at }: KnownIdentity & { readonly at: string }): Promise<void> {
  await db.insertInto(table).values({ issuer, subject, user_id: userId, by_group: byGroup, since: at }).execute()
}
