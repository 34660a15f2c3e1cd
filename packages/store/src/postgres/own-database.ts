import pg from 'pg'
import type { Ground } from './ground.ts'
import { ownConnection } from './own-connection.ts'

/** Makes Plimsoll's own database, and closes it and the built-in ones to the roles of applications. */
export async function ensureOwnDatabase(ground: Ground): Promise<void> {
  const client = new pg.Client({ ...ownConnection(ground, 'postgres'), connectionTimeoutMillis: 10_000 })
  client.on('error', () => undefined) // The query that was under way rejects with the same.
  await client.connect()
  try {
    // One at a time: two Plimsolls may have found the server at the same moment.
    await client.query("select pg_advisory_lock(hashtext('plimsoll:own-database'))")
    const { rowCount } = await client.query("select from pg_database where datname = 'plimsoll'")
    if (rowCount === 0) await client.query('create database plimsoll')
    await closeToOthers(client)
  } finally {
    await client.end()
  }
}

async function closeToOthers(client: pg.Client): Promise<void> {
  const open = await client.query<{ datname: string }>(
    "select datname from pg_database where datname in ('plimsoll', 'postgres', 'template1') and has_database_privilege('public', datname, 'connect')",
  )
  for (const { datname } of open.rows) await client.query(`revoke all on database ${client.escapeIdentifier(datname)} from public`)
}
