/** Keeps releases, journals and leases in PostgreSQL: embedded, or `DATABASE_URL`. */
export { startPostgres, type EmbeddedPostgres, type StartPostgresOptions } from './postgres/start-postgres.ts'
export { stopPostgres } from './postgres/stop-postgres.ts'
export type { Connection } from './postgres/own-connection.ts'
export { openStore, type Store } from './state/open-store.ts'
export { appRecordSchema, type AppRecord, type Apps } from './state/apps.ts'
export type { NewRelease, ReleaseChange, Releases } from './state/releases.ts'
export type { NumberedEntry } from './state/journals.ts'
