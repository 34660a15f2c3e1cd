import pg from 'pg'
import type { Connection } from '../postgres/own-connection.ts'
import { describe, explained } from '../state/pool.ts'

export type Superuser = pg.Client

export interface SuperuserServer {
  /** The superuser's way in, to any database of this server. */
  connectionTo(database: string): Connection
}

/**
 * Does `work` as the one who may make roles and databases, one at a time on the whole server: neither has a "create if not exists".
 * Throws `DATABASE_DOWN`, `DISK_FULL`.
 */
export async function asSuperuser<T>(server: SuperuserServer, work: (client: Superuser) => Promise<T>, signal: AbortSignal): Promise<T> {
  const connection = server.connectionTo('postgres')
  const connected = async (): Promise<T> => {
    const client = new pg.Client({ ...connection, connectionTimeoutMillis: 5_000, application_name: 'plimsoll-databases' })
    client.on('error', () => undefined) // The query under way rejects with the same.
    await client.connect()
    try {
      await client.query("select pg_advisory_lock(hashtextextended('plimsoll:databases', 0))")
      return await work(client)
    } finally {
      await client.end().catch(() => undefined) // Broken already, which `work` has reported.
    }
  }
  return explained(describe(connection), connected, signal)
}
