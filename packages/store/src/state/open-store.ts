import type { Journal, Leases } from '@plimsoll/engine'
import type { AppName, ReleaseNumber } from '@plimsoll/model'
import { Kysely, PostgresDialect } from 'kysely'
import type { Connection } from '../postgres/own-connection.ts'
import { type Apps, appsIn } from './apps.ts'
import { journalIn } from './journals.ts'
import { leasesOn } from './leases.ts'
import { migrate } from './migrate.ts'
import { openPool } from './pool.ts'
import { type Releases, releasesIn } from './releases.ts'
import type { Tables } from './tables.ts'

/** Plimsoll's durable state. Every method throws `DATABASE_DOWN` when the database does not answer, `DISK_FULL` when it cannot write. */
export interface Store {
  readonly apps: Apps
  readonly releases: Releases
  readonly leases: Leases
  /** The journal of one release for whoever holds `fence`; appends are refused from the moment another lease was given. */
  journalOf(app: AppName, release: ReleaseNumber, fence: number): Journal
  /** Closes every connection. Leases that were not released stay with their own. Twice is once. */
  close(): Promise<void>
}

/**
 * Opens the state in the database that `connection` names, a PostgreSQL 14 or newer, and brings its
 * schema up to date first. Opening twice, also from two processes, is fine.
 * Throws `DATABASE_DOWN`, `DISK_FULL`, and `USAGE` when the state was written by a newer Plimsoll.
 */
export async function openStore({ connection }: { readonly connection: Connection }): Promise<Store> {
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: openPool(connection) }) })
  try {
    await migrate(db)
  } catch (error) {
    await db.destroy()
    throw error
  }
  return {
    apps: appsIn(db),
    releases: releasesIn(db),
    leases: leasesOn(connection),
    journalOf: (app, release, fence) => journalIn(db, { app, release, fence }),
    close: () => db.destroy(),
  }
}
