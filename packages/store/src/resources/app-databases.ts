import type { AppName, DatabaseAddress } from '@plimsoll/model'
import type pg from 'pg'
import type { EmbeddedPostgres } from '../postgres/start-postgres.ts'
import type { DatabaseAccount, WantedDatabase } from '../state/database-accounts.ts'
import type { Store } from '../state/open-store.ts'
import { asSuperuser } from './as-superuser.ts'
import { scramVerifier, verifies } from './scram.ts'

/** The databases that Blueprints ask for, on the embedded server: the database part of the engine's `Resources`. */
export interface AppDatabases {
  /**
   * Makes what is missing and returns where each is, by the Blueprint's name. Twice is once, also at the same
   * moment. Each has a role of its own that owns it and can enter no other. Throws `DATABASE_DOWN`, `DISK_FULL`.
   */
  ensure(app: AppName, wanted: readonly WantedDatabase[], signal: AbortSignal): Promise<Readonly<Record<string, DatabaseAddress>>>
  /** Drops the app's databases and roles for ever, cutting whoever is connected. Twice is once. */
  drop(app: AppName, signal: AbortSignal): Promise<void>
}

export function appDatabases({ server, store }: { readonly server: EmbeddedPostgres; readonly store: Pick<Store, 'databaseAccounts'> }): AppDatabases {
  const accounts = store.databaseAccounts
  return {
    async ensure(app, wanted, signal) {
      const addresses: Record<string, DatabaseAddress> = {}
      const makeAll = async (client: pg.Client): Promise<void> => {
        for (const one of wanted) {
          signal.throwIfAborted()
          const account = await accounts.settle(app, one)
          await ensureRole(client, account)
          await ensureDatabase(client, account)
          addresses[one.name] = { ...server.address, user: account.role, password: account.password, database: account.database }
        }
      }
      await asSuperuser(server, makeAll, signal)
      return addresses
    },
    async drop(app, signal) {
      const dropAll = async (client: pg.Client): Promise<void> => {
        for (const { database, role } of await accounts.of(app)) {
          signal.throwIfAborted()
          await client.query(`drop database if exists ${client.escapeIdentifier(database)} with (force)`)
          await client.query(`drop role if exists ${client.escapeIdentifier(role)}`)
        }
        await accounts.forget(app)
      }
      await asSuperuser(server, dropAll, signal)
    },
  }
}

async function ensureRole(client: pg.Client, { role, password }: DatabaseAccount): Promise<void> {
  const { rows } = await client.query<{ rolpassword: string | null }>('select rolpassword from pg_authid where rolname = $1', [role])
  const found = rows[0]
  if (found !== undefined && verifies(found.rolpassword, password)) return
  const verb = found === undefined ? 'create' : 'alter'
  await client.query(`${verb} role ${client.escapeIdentifier(role)} login nosuperuser nocreatedb nocreaterole password ${client.escapeLiteral(scramVerifier(password))}`)
}

async function ensureDatabase(client: pg.Client, { role, database }: DatabaseAccount): Promise<void> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [database])
  if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(database)} owner ${client.escapeIdentifier(role)}`)
  // Every role is a member of "public", so what it may do, every app may. The owner keeps its own rights.
  const open = await client.query("select from pg_database where datname = $1 and has_database_privilege('public', datname, 'connect')", [database])
  if (open.rowCount !== 0) await client.query(`revoke all on database ${client.escapeIdentifier(database)} from public`)
}
