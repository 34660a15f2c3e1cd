import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { databaseUrl, spareDatabaseUrls } from '../shop.ts'

/** A database that nobody else uses. */
export interface OwnDatabase {
  readonly client: pg.Client
  leave(): Promise<void>
}

/**
 * The clone that was made for this worker, or else a new database beside the shop's, migrated and dropped again: for that
 * the packages must be built (`pnpm build`), and the user must be allowed to create databases.
 */
export async function ownDatabase(worker: number): Promise<OwnDatabase> {
  const clone = spareDatabaseUrls[worker]
  if (clone !== undefined) return opened(clone, () => Promise.resolve())
  const admin = await connected(databaseUrl)
  const name = `storefront_suite_${process.pid}_${worker}`
  const drop = async (): Promise<void> => {
    await admin.query(`DROP DATABASE IF EXISTS ${name}`)
    await admin.end()
  }
  try {
    await admin.query(`CREATE DATABASE ${name}`)
    const url = new URL(databaseUrl)
    url.pathname = `/${name}`
    migrate(url.href)
    return await opened(url.href, drop)
  } catch (error) {
    await drop()
    throw error
  }
}

/** Runs what is run before every release. */
function migrate(connectionString: string): void {
  const program = fileURLToPath(new URL('../../packages/db/dist/migrate.js', import.meta.url))
  const env = { ...process.env, DATABASE_URL: connectionString }
  execFileSync(process.execPath, [program], { env, encoding: 'utf8' })
}

/** Does some work, and then takes it back. */
export async function undone(client: pg.Client, work: () => Promise<void>): Promise<void> {
  await client.query('BEGIN')
  try {
    await work()
  } finally {
    await client.query('ROLLBACK')
  }
}

async function opened(url: string, after: () => Promise<void>): Promise<OwnDatabase> {
  const client = await connected(url)
  return {
    client,
    async leave() {
      await client.end()
      await after()
    },
  }
}

async function connected(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString, application_name: 'storefront tests' })
  await client.connect()
  return client
}
