import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import type { Rehearsal } from '../../rehearsal/rehearsal.ts'
import { migrateEmpty } from './migrate-empty-check.ts'
import { nothingLive, type MigrationStudy, type StudiedDatabase, type StudyMigration } from './migration-study.ts'
import { migrators, noPreDeploy, stumbled } from './pre-deploy.ts'

export const migrateLive = 'database.migrate-live'

/** A lock under which nobody reads for so long is an outage. */
const longMs = 1_000
/** What is smaller is written anew in less. */
const smallBytes = 16 * 1024 * 1024

export function migrateLiveCheck(study: StudyMigration): RehearsalCheck {
  return {
    id: migrateLive,
    title: 'The pre-deploy commands bring the live schema up to date, and lock nobody out for long',
    concern: 'database',
    after: [migrateEmpty],
    limitMs: 180_000,
    async ask(rehearsal, signal) {
      if (migrators(rehearsal).length === 0) return [noPreDeploy]
      if (rehearsal.live === undefined) return [{ is: 'skipped', finding: nothingLive }]
      const studied = await study(rehearsal, signal)
      if (studied.stumble !== undefined) return [stumbled(studied.stumble, 'on the schema that is live')]
      const found = [...longLocks(studied), ...(await rewrites(rehearsal, studied, signal))]
      return found.length > 0 ? found : [{ is: 'pass', finding: `The live schema is brought up to date in ${(studied.tookMs / 1000).toFixed(1)} s; ${locksIn(studied)}`, ...evidenceOf(studied) }]
    },
  }
}

function longLocks(studied: MigrationStudy): Finding[] {
  return studied.databases.flatMap(({ locks }) => locks.filter(({ heldMs, mode }) => heldMs > longMs && mode === 'AccessExclusiveLock').map(({ table, heldMs }): Finding => ({
    is: 'fail', finding: `${table} is locked for ${(heldMs / 1000).toFixed(1)} s: meanwhile what is live can neither read nor write it`,
    hint: 'Split the migration: each statement that locks a table in a transaction of its own, and rows changed in small batches outside of it.',
    ...evidenceOf(studied),
  })))
}

async function rewrites(rehearsal: Rehearsal, studied: MigrationStudy, signal: AbortSignal): Promise<Finding[]> {
  const written = studied.databases.flatMap((database) => rewrittenTables(database).map((table) => ({ database: database.name, table })))
  if (written.length === 0) return []
  const live = await rehearsal.liveSchemas(signal).catch(() => undefined) // How large a table really is only weighs what was found.
  return written.map(({ database, table }) => {
    const bytes = live?.[database]?.tables[table]?.bytes
    const isSmall = bytes !== undefined && bytes < smallBytes
    const size = bytes === undefined ? '' : `; it has ${(bytes / 1e6).toFixed(1)} MB where it is live`
    return {
      is: 'fail', ...(isSmall && { weight: 'advice' as const }), finding: `Every row of ${table} is written anew, and nobody reads or writes it until that is done${size}`,
      hint: 'Add a new column instead of changing the type of one, fill it in small batches, and change over in a later release.',
      ...evidenceOf(studied),
    }
  })
}

/** Their rows lie in another file now. */
function rewrittenTables({ before, after }: StudiedDatabase): readonly string[] {
  return Object.entries(before.tables).flatMap(([name, { oid, filenode }]) => (Object.values(after.tables).some((table) => table.oid === oid && table.filenode !== filenode) ? [name] : []))
}

function locksIn({ databases }: MigrationStudy): string {
  const [longest] = databases.flatMap(({ locks }) => locks)
  return longest === undefined ? 'no lock on a table was held for long enough to be seen' : `its longest lock was ${longest.mode} on ${longest.table}, ${longest.heldMs} ms`
}

function evidenceOf({ databases, tookMs }: MigrationStudy): Pick<Finding, 'evidence'> {
  const locks = databases.flatMap((database) => database.locks.map(({ table, mode, heldMs }) => `${String(heldMs).padStart(6)} ms  ${mode}  ${table}`))
  return { evidence: [{ title: `Locks that kept others out, of ${tookMs} ms in all`, text: locks.join('\n') || 'none that was seen' }] }
}
