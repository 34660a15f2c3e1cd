import type { Journal, Leases } from '@plimsoll/engine'
import type { AppName, ReleaseNumber } from '@plimsoll/model'
import { Kysely, PostgresDialect } from 'kysely'
import type { Connection } from '../postgres/own-connection.ts'
import { type Apps, appsIn } from './apps.ts'
import { type AuditLog, auditLogIn } from './audit-log.ts'
import { type Claimant, claimState } from './claim-state.ts'
import { type CronRuns, cronRunsIn } from './cron-runs.ts'
import { type DatabaseAccounts, databaseAccountsIn } from './database-accounts.ts'
import { journalBell } from './journal-bell.ts'
import { entriesAfter, journalIn, type NumberedEntry } from './journals.ts'
import { type KeptValues, keptValuesIn } from './kept-values.ts'
import { leasesOn } from './leases.ts'
import { type Links, linksIn } from './links.ts'
import { type ManyReleases, manyReleasesIn } from './many-releases.ts'
import { migrate } from './migrate.ts'
import { openPool } from './pool.ts'
import { type Ports, portsIn } from './ports.ts'
import { type PastRelease, releaseHistory } from './release-history.ts'
import { type Releases, releasesIn } from './releases.ts'
import { type Sessions, sessionsIn } from './sessions.ts'
import type { Tables } from './tables.ts'
import { type Tokens, tokensIn } from './tokens.ts'
import { type Users, usersIn } from './users.ts'
import { type Verifications, verificationsIn } from './verifications.ts'
import { journalWatches, type Watched } from './watch-journal.ts'

/** Plimsoll's durable state. Every method throws `DATABASE_DOWN` when the database does not answer, `DISK_FULL` when it cannot write. */
export interface Store {
  readonly apps: Apps
  readonly releases: Releases
  readonly manyReleases: ManyReleases
  readonly leases: Leases
  readonly keptValues: KeptValues
  readonly ports: Ports
  readonly cronRuns: CronRuns
  readonly databaseAccounts: DatabaseAccounts
  readonly verifications: Verifications
  readonly users: Users
  readonly links: Links
  readonly sessions: Sessions
  readonly tokens: Tokens
  readonly auditLog: AuditLog
  /** The newest releases of an app that have ended, at most `limit`, newest first, with what their journals say of how they went. */
  historyOf(app: AppName, limit: number): Promise<readonly PastRelease[]>
  /** The journal of one release for whoever holds `fence`; appends are refused from the moment another lease was given. */
  journalOf(app: AppName, release: ReleaseNumber, fence: number): Journal
  /** The entries after number `after`, for showing; needs no lease. */
  readJournal(journal: Watched): Promise<readonly NumberedEntry[]>
  /**
   * Every entry after number `after`, each once and in order, as they are written, until `signal` fires or
   * the store is closed. Goes on where it was when the database was away.
   */
  watchJournal(journal: Watched, signal: AbortSignal): AsyncIterable<NumberedEntry>
  /**
   * Makes this the state of one home, from the first that claims it on; twice is once. Throws `STATE_TAKEN` when it is
   * that of another: two would each take the other's apps for their own, and find nothing of them in their place.
   */
  claim(home: Claimant): Promise<void>
  /** Closes every connection and ends every watch. Leases that were not released stay with their own. Twice is once. */
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
  const bell = journalBell(connection)
  const watches = journalWatches({ db, bell })
  return {
    apps: appsIn(db),
    releases: releasesIn(db),
    manyReleases: manyReleasesIn(db),
    leases: leasesOn(connection),
    keptValues: keptValuesIn(db),
    ports: portsIn(db),
    cronRuns: cronRunsIn(db),
    databaseAccounts: databaseAccountsIn(db),
    verifications: verificationsIn(db),
    users: usersIn(db),
    links: linksIn(db),
    sessions: sessionsIn(db),
    tokens: tokensIn(db),
    auditLog: auditLogIn(db),
    historyOf: (app, limit) => releaseHistory(db, app, limit),
    journalOf: (app, release, fence) => journalIn(db, { app, release, fence }),
    readJournal: (journal) => entriesAfter(db, journal),
    watchJournal: (journal, signal) => watches.watch(journal, signal),
    claim: (home) => claimState(db, home),
    async close() {
      await bell.close()
      await db.destroy()
    },
  }
}
