import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Connection } from '../src/store.ts'

/** How often tables and indexes of the state were read, and how much of them, since the last {@link forgetScans}. */
export interface Scans {
  /** table → how often it was read from its first row to its last. */
  readonly whole: Readonly<Record<string, number>>
  /** index → how often it was used. */
  readonly byIndex: Readonly<Record<string, number>>
}

/** Begins to count from here. */
export async function forgetScans(connection: Connection): Promise<void> {
  await asked(connection, (client) => client.query('select pg_stat_reset()'))
}

/** What was counted. The server adds up what a connection did when that ends, so that every store on it must be closed by then. */
export async function countScans(connection: Connection): Promise<Scans> {
  return asked(connection, async (client) => {
    const others = "select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'"
    while (((await client.query(others)).rowCount ?? 0) > 0) await sleep(10)
    const tables = await client.query<{ name: string; count: string }>("select relname as name, seq_scan as count from pg_stat_user_tables where schemaname = 'plimsoll'")
    const indexes = await client.query<{ name: string; count: string }>("select indexrelname as name, idx_scan as count from pg_stat_user_indexes where schemaname = 'plimsoll'")
    const byName = (rows: readonly { name: string; count: string }[]) => Object.fromEntries(rows.map(({ name, count }) => [name, Number(count)]))
    return { whole: byName(tables.rows), byIndex: byName(indexes.rows) }
  })
}

async function asked<T>(connection: Connection, ask: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    return await ask(client)
  } finally {
    await client.end()
  }
}
