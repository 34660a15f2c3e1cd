import { randomBytes } from 'node:crypto'
import { slugOf, type AppName, type WantedResources } from '@plimsoll/model'
import type { Kysely } from 'kysely'
import type { SecretPlace } from '../sealing/envelope.ts'
import type { Vault } from '../sealing/vault.ts'
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

interface Accounts {
  readonly db: Kysely<Tables>
  readonly vault: Vault
}

export function databaseAccountsIn({ db, vault }: Accounts): DatabaseAccounts {
  return {
    settle: (app, wanted) => settle({ db, vault }, app, wanted),
    async of(app) {
      return Promise.all((await rowsOf(db, app).execute()).map((row) => accountIn(vault, app, row)))
    },
    async forget(app) {
      await db.deleteFrom('plimsoll.databases').where('app', '=', app).execute()
    },
  }
}

async function settle({ db, vault }: Accounts, app: AppName, wanted: WantedDatabase): Promise<DatabaseAccount> {
  const password = randomBytes(24).toString('base64url')
  const { name } = wanted
  const find = async () => {
    const row = await rowsOf(db, app).where('name', '=', name).executeTakeFirst()
    return row && (await accountIn(vault, app, row))
  }
  for (const { role, database } of candidates(app, wanted)) {
    const found = await find()
    if (found !== undefined) return found
    await vault.keep(placeOf(app, name), password, (sealed) => db.insertInto('plimsoll.databases').values({ app, name, role, database, sealed }).onConflict((it) => it.doNothing()).execute())
  }
  const found = await find()
  if (found === undefined) throw new Error(`no name was free for database ${name} of ${app}`)
  return found
}

function rowsOf(db: Kysely<Tables>, app: AppName) {
  return db.selectFrom('plimsoll.databases').select(['name', 'role', 'database', 'password', 'sealed']).where('app', '=', app).orderBy('name')
}

interface Row extends Omit<DatabaseAccount, 'password'> {
  readonly password: string | null
  readonly sealed: Buffer | null
}

async function accountIn(vault: Vault, app: AppName, { sealed, password, ...row }: Row): Promise<DatabaseAccount> {
  return { ...row, password: sealed === null ? (password ?? '') : await vault.open(placeOf(app, row.name), sealed) }
}

const placeOf = (app: AppName, name: string): SecretPlace => ['databases', app, name]

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
