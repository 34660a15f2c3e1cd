import type { Journal, Leases } from '@plimsoll/engine'
import type { AppName, ReleaseNumber } from '@plimsoll/model'
import { Kysely, PostgresDialect } from 'kysely'
import type { Connection } from '../postgres/own-connection.ts'
import type { KeySource } from '../sealing/key-source.ts'
import { openSecrets, type Secrets } from '../sealing/open-secrets.ts'
import { type Apps, appsIn } from './apps.ts'
import { type AttemptCounts, attemptCountsIn } from './attempts.ts'
import { type AuditLog, auditLogIn } from './audit-log.ts'
import { buildHistory, type PastBuild } from './build-history.ts'
import { type Channels, channelsIn } from './channels.ts'
import { type Claimant, claimState } from './claim-state.ts'
import { type CronRuns, cronRunsIn } from './cron-runs.ts'
import { type DatabaseAccounts, databaseAccountsIn } from './database-accounts.ts'
import { type Hooks, hooksIn } from './hooks.ts'
import { journalBell } from './journal-bell.ts'
import { entriesAfter, journalIn, type NumberedEntry } from './journals.ts'
import { type KeptAnswers, keptAnswersIn } from './kept-answers.ts'
import { type KeptValues, keptValuesIn } from './kept-values.ts'
import { leasesOn } from './leases.ts'
import { type Links, linksIn } from './links.ts'
import { type ManyReleases, manyReleasesIn } from './many-releases.ts'
import { migrate } from './migrate.ts'
import { type Outbox, outboxIn } from './outbox.ts'
import { openPool } from './pool.ts'
import { type Ports, portsIn } from './ports.ts'
import { type BegunPreDeploy, begunPreDeploys } from './begun-pre-deploys.ts'
import { type PastRelease, rememberHistory } from './release-history.ts'
import { type ReleaseNotes, releaseNotesIn } from './release-notes.ts'
import { type Previews, previewsIn } from './previews.ts'
import { type BriefRelease, briefReleases, type Releases, releasesIn } from './releases.ts'
import { type Sessions, sessionsIn } from './sessions.ts'
import type { Tables } from './tables.ts'
import { type Tokens, tokensIn } from './tokens.ts'
import { type TrafficPictures, trafficPicturesIn } from './traffic-pictures.ts'
import { type Identities, identitiesIn } from './identities.ts'
import { type Users, usersIn } from './users.ts'
import { type Verifications, verificationsIn } from './verifications.ts'
import { journalWatches, type Watched } from './watch-journal.ts'

/** Plimsoll's durable state. Every method throws `DATABASE_DOWN` when the database does not answer, `DISK_FULL` when it cannot write. */
export interface Store {
  readonly apps: Apps
  readonly releases: Releases
  readonly releaseNotes: ReleaseNotes
  readonly manyReleases: ManyReleases
  readonly leases: Leases
  readonly keptValues: KeptValues
  readonly keptAnswers: KeptAnswers
  readonly ports: Ports
  readonly cronRuns: CronRuns
  readonly databaseAccounts: DatabaseAccounts
  readonly verifications: Verifications
  readonly trafficPictures: TrafficPictures
  readonly users: Users
  readonly identities: Identities
  readonly links: Links
  readonly sessions: Sessions
  readonly tokens: Tokens
  readonly auditLog: AuditLog
  readonly channels: Channels
  readonly outbox: Outbox
  /** The keys that what is secret is sealed with. */
  readonly secrets: Secrets
  readonly hooks: Hooks
  readonly previews: Previews
  readonly attempts: AttemptCounts
  /** The newest releases of an app that have ended, at most `limit`, newest first, with what their journals say of how they went. */
  historyOf(app: AppName, limit: number): Promise<readonly PastRelease[]>
  /** The build steps of the newest releases of an app that were built, at most `limit`, newest first. */
  buildsOf(app: AppName, limit: number): Promise<readonly PastBuild[]>
  /** The newest releases of `app` from number `from` on that have ended, at most `limit`, newest first. */
  endedReleases(span: { readonly app: AppName; readonly from: number; readonly limit: number }): Promise<readonly BriefRelease[]>
  /** The newest releases of `app`, whatever became of them, at most `limit`, newest first. */
  newestReleases(app: AppName, limit: number): Promise<readonly BriefRelease[]>
  /** The pre-deploy commands that releases of `app` from number `from` on have begun, whatever became of them, oldest first. */
  begunPreDeploys(span: { readonly app: AppName; readonly from: number }): Promise<readonly BegunPreDeploy[]>
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
 * What is secret in it is sealed with `keys`; that they are missing is said by what needs them, and by `secrets.status`.
 * Throws `DATABASE_DOWN`, `DISK_FULL`, and `USAGE` when a newer Plimsoll has taken away what this one needs.
 */
export async function openStore({ connection, keys }: { readonly connection: Connection; readonly keys: KeySource }): Promise<Store> {
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: openPool(connection) }) })
  const secrets = await opened(db, keys)
  const bell = journalBell(connection)
  const watches = journalWatches({ db, bell })
  return {
    apps: appsIn(db),
    releases: releasesIn(db),
    releaseNotes: releaseNotesIn(db),
    manyReleases: manyReleasesIn(db),
    leases: leasesOn(connection),
    keptValues: keptValuesIn({ db, vault: secrets.vault }),
    keptAnswers: keptAnswersIn({ db, vault: secrets.vault }),
    ports: portsIn(db),
    cronRuns: cronRunsIn(db),
    databaseAccounts: databaseAccountsIn({ db, vault: secrets.vault }),
    verifications: verificationsIn(db),
    trafficPictures: trafficPicturesIn(db),
    users: usersIn(db),
    identities: identitiesIn(db),
    links: linksIn(db),
    sessions: sessionsIn(db),
    tokens: tokensIn(db),
    auditLog: auditLogIn(db),
    channels: channelsIn({ db, vault: secrets.vault }),
    outbox: outboxIn(db),
    secrets,
    hooks: hooksIn({ db, vault: secrets.vault }),
    previews: previewsIn(db),
    attempts: attemptCountsIn(db),
    historyOf: rememberHistory(db),
    buildsOf: (app, limit) => buildHistory(db, app, limit),
    endedReleases: (span) => briefReleases(db, { ...span, ended: true }),
    newestReleases: (app, limit) => briefReleases(db, { app, limit }),
    begunPreDeploys: (span) => begunPreDeploys(db, span),
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

async function opened(db: Kysely<Tables>, source: KeySource): ReturnType<typeof openSecrets> {
  try {
    await migrate(db)
    return await openSecrets({ db, source })
  } catch (error) {
    await db.destroy()
    throw error
  }
}
