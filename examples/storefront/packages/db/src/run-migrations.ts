import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import pg from 'pg'

interface Migration {
  readonly name: string
  readonly sql: string
  readonly checksum: string
}

/** Any number, as long as every release of the storefront uses the same one. */
const LOCK_KEY = 7_202_603_114

export interface MigrateOptions {
  readonly connectionString: string
  readonly directory: URL
  readonly log: (line: string) => void
}

/**
 * Applies the migrations that the database has not seen yet, each in its own transaction.
 * Two runs at once are safe: the second waits for the first and then finds nothing to do.
 */
export async function runMigrations(options: MigrateOptions): Promise<string[]> {
  const migrations = await readMigrations(options.directory)
  const client = new pg.Client({
    connectionString: options.connectionString,
    application_name: 'storefront migrate',
  })
  await client.connect()
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK_KEY])
    return await applyMissing(client, migrations, options.log)
  } finally {
    await client.end()
  }
}

async function readMigrations(directory: URL): Promise<Migration[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.sql')).sort()
  return Promise.all(
    files.map(async (name) => {
      const sql = await readFile(new URL(name, directory), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

async function applyMissing(
  client: pg.Client,
  migrations: readonly Migration[],
  log: (line: string) => void,
): Promise<string[]> {
  await client.query(`
    CREATE TABLE IF NOT EXISTS schema_migrations (
      name       text PRIMARY KEY,
      checksum   text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now()
    )`)
  const { rows } = await client.query<{ name: string; checksum: string }>(
    'SELECT name, checksum FROM schema_migrations',
  )
  const applied = new Map(rows.map((row) => [row.name, row.checksum]))
  const done: string[] = []
  for (const migration of migrations) {
    const known = applied.get(migration.name)
    if (known === undefined) {
      await applyOne(client, migration)
      log(`applied ${migration.name}`)
      done.push(migration.name)
    } else if (known !== migration.checksum) {
      throw new Error(`${migration.name} was changed after it had been applied; add a new one`)
    }
  }
  return done
}

async function applyOne(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('BEGIN')
  try {
    // Better to fail here than to queue for a table lock with live traffic piling up behind.
    await client.query("SET LOCAL lock_timeout = '10s'")
    await client.query(migration.sql)
    await client.query('INSERT INTO schema_migrations (name, checksum) VALUES ($1, $2)', [
      migration.name,
      migration.checksum,
    ])
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined) // the first error is the one to tell
    throw new Error(`${migration.name} failed and was rolled back`, { cause: error })
  }
}
