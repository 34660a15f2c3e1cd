import { randomBytes } from 'node:crypto'
import { slugOf, type AppName, type WantedResources } from '@plimsoll/model'
import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'

/** The names and the password under which an app reaches one of its databases. */
export interface DatabaseAccount {
  /** The Blueprint's name for it. */
  readonly name: string
  readonly role: string
  readonly database: string
  readonly password: string
}

export type WantedDatabase = Pick<WantedResources['databases'][number], 'name' | 'databaseName' | 'user'>

/** Names and passwords of the databases that Blueprints ask for, kept from before they are made until after they are dropped. */
export interface DatabaseAccounts {
  /** The same answer ever after. The Blueprint's own names are used where they are legal and no other database has them. */
  settle(app: AppName, wanted: WantedDatabase): Promise<DatabaseAccount>
  of(app: AppName): Promise<readonly DatabaseAccount[]>
  forget(app: AppName): Promise<void>
}

export function databaseAccountsIn(db: Kysely<Tables>): DatabaseAccounts {
  return {
    settle: (app, wanted) => settle(db, app, wanted),
    of: (app) => db.selectFrom('plimsoll.databases').select(['name', 'role', 'database', 'password']).where('app', '=', app).orderBy('name').execute(),
    async forget(app) {
      await db.deleteFrom('plimsoll.databases').where('app', '=', app).execute()
    },
  }
}

async function settle(db: Kysely<Tables>, app: AppName, wanted: WantedDatabase): Promise<DatabaseAccount> {
  const password = randomBytes(24).toString('base64url')
  for (const { role, database } of candidates(app, wanted)) {
    const found = await find(db, app, wanted.name)
    if (found !== undefined) return found
    await db.insertInto('plimsoll.databases').values({ app, name: wanted.name, role, database, password }).onConflict((it) => it.doNothing()).execute()
  }
  const found = await find(db, app, wanted.name)
  if (found === undefined) throw new Error(`no name was free for database ${wanted.name} of ${app}`)
  return found
}

async function find(db: Kysely<Tables>, app: AppName, name: string): Promise<DatabaseAccount | undefined> {
  return db.selectFrom('plimsoll.databases').select(['name', 'role', 'database', 'password']).where('app', '=', app).where('name', '=', name).executeTakeFirst()
}

/** Best first. The last ones carry a random part, so that one of them is always free. */
export function* candidates(app: AppName, wanted: WantedDatabase): Generator<{ readonly role: string; readonly database: string }> {
  const own = sqlName(`${app}_${slugOf(wanted.name)}`)
  const database = isLegal(wanted.databaseName) ? wanted.databaseName : own
  const role = isLegal(wanted.user) ? wanted.user : own
  yield { role, database }
  yield { role: own, database }
  yield { role, database: own }
  yield { role: own, database: own }
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const other = `${own.slice(0, 50)}_${randomBytes(4).toString('hex')}`
    yield { role: other, database: other }
  }
}

const reserved = new Set(['plimsoll', 'postgres', 'template0', 'template1', 'public', 'none', 'all', 'replication', 'sameuser', 'samerole'])

function isLegal(name: string | undefined): name is string {
  return name !== undefined && /^[a-z_][a-z0-9_-]{0,62}$/.test(name) && !reserved.has(name) && !name.startsWith('pg_') && !name.startsWith('plimsoll_v_')
}

/** Begins with a letter and has at most 63 bytes, as PostgreSQL would otherwise cut it off silently. */
function sqlName(text: string): string {
  const name = text.replaceAll('-', '_').slice(0, 63)
  return isLegal(name) ? name : `app_${name}`.slice(0, 63)
}
